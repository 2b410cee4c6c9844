"""LC405 mocked-sleep: a mock that never yields to the event loop replaces `asyncio.sleep`.

What: a poller spins at full speed, a timeout never fires, a test hangs or ends in a RecursionError.
      Or the test asserts, or cancels its tasks, before the background work could run.
Why:  `patch("feed.asyncio.sleep")` replaces the one `asyncio.sleep` of the process. A mock returns
      without waiting, so control never returns to the event loop: no other task, no timer and no
      timeout runs. And a fake that awaits `asyncio.sleep(0)` calls itself.
Fix:  pass the pause in, `Feed(pause=0)`. Or replace the name only in the module under test, with a
      fake that yields to the loop through the real `sleep(0)`, saved before. A larger timeout,
      another side effect or another return value does not help: the mock still returns at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, MockedSleep, Subject

CODE, SLUG = "LC405", "mocked-sleep"
# It causes the loop that spins, the task that never ran and the await of a mock.
SUPERSEDES = frozenset({"LC107", "LC201", "LC203", "LC204", "LC208", "LC401"})
SAYS = (
    "maximum recursion depth exceeded + sleep",
    "from pytest-timeout + sleep",
    "'await' expression + asyncio.sleep(",
    "object can't be awaited + asyncio.sleep(",
    "awaited + asyncio.sleep",
)

# A fake that yields helps none of them.
KEPT = frozenset({"no timeout", "no time", "no timer", "cancelled"})
LIKELY = frozenset({"too early", "no timeout", "no time", "no timer", "cancelled"})


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that replaced the sleep."""
    seen = evidence.slept
    if seen is None or seen.place is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if seen.how in LIKELY else "certain",
        subject=Subject(name=seen.target, type=seen.double),
        where=seen.place,
        used_at=seen.used_at,
        what=f"{seen.place} replaces `{seen.target}` with {_double(seen)}{_shown(seen)}.",
        why=_why(seen),
        fix=_fix(seen),
        remedy=_remedy(seen),
    )


def _remedy(seen: MockedSleep) -> tuple[str, ...]:
    if seen.how == "recursion":
        return ("real",)
    return () if seen.how in KEPT else ("yield",)


def _double(seen: MockedSleep) -> str:
    article = "an" if seen.double[:1] in "AEIOU" else "a"
    return f"{article} {seen.double}" if seen.mock else f"`{seen.double}`"


def _shown(seen: MockedSleep) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    before = f" before {seen.used_at}" if seen.used_at else ""
    match seen.how:
        case "spins":
            return f", so the loop{at} spins and nothing else runs"
        case "recursion":
            return f", which awaits itself under that name{at}"
        case "not awaitable":
            return f", and its result can't be awaited{at}"
        case "no timeout":
            return f", so nothing waits{at} and no timeout can fire"
        case "no timer":
            return f", so no timer fired{before}"
        case "cancelled":
            return f", so the test cancels `{seen.coroutine}` before it had a turn"
        case "no time":
            return f", so no time passes, but the line{at} measures it"
    if seen.coroutine is not None:
        return f", so the task of `{seen.coroutine}` had no turn{before}"
    return f", so no other task ran{before}"


def _why(seen: MockedSleep) -> str:
    one = (
        f"All modules and libraries share one `{seen.target}`"
        if seen.everywhere
        else f"That module sleeps with `{seen.target}`"
    )
    if seen.how == "recursion":
        return f"{one}, and the fake looks it up by its name too."
    if seen.how == "not awaitable":
        return f"{one}, and callers await what it returns, so it must return an awaitable."
    return (
        f"{one}. The {'mock' if seen.mock else 'fake'} returns without waiting, so the event loop"
        " runs no other task, timer or timeout in between."
    )


def _fix(seen: MockedSleep) -> str:
    if seen.how == "recursion":
        return (
            "Save the real one first (`real = asyncio.sleep`), and await `real(0)` in the fake. Or"
            " replace it only in the module under test, or pass the pause in."
        )
    if seen.how == "cancelled":
        return "Keep the real sleep in this test, and pass in a short pause."
    if seen.how in KEPT:
        return "Keep the real sleep, and pass in a short pause and a short limit."
    fake = "a fake that yields: save `real = asyncio.sleep` first, and await `real(0)` in it"
    if not seen.everywhere:
        return f"Pass the pause in, or use {fake}."
    return (
        "Pass the pause in, as an argument or attribute. Or replace the sleep only in the module"
        f" under test, with {fake}."
    )
