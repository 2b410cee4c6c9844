"""LC405 mocked-sleep: `asyncio.sleep` is replaced for everybody, by what gives way to nobody.

What: a poller spins at full speed, a timeout never fires, a test stands still or ends in a
      RecursionError; or it asserts before the background work had a turn.
Why:  `patch("feed.asyncio.sleep")` replaces the one `asyncio.sleep` of the process. A mock returns
      without waiting, so the loop never gets back: no other task, no timer and no timeout runs. And
      a double that awaits `asyncio.sleep(0)` finds itself under that name.
Fix:  pass the pause in, `Feed(pause=0)`. Or replace the name in the module under test only, with a
      double that gives way by the real `sleep(0)`, saved before. A larger timeout does not help,
      nor does another side effect or return value: the double still returns at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, MockedSleep, Subject

CODE, SLUG = "LC405", "mocked-sleep"
# The loop that spins, the task that had no turn and the await of a mock are its doing.
SUPERSEDES = frozenset({"LC107", "LC201", "LC203", "LC204", "LC208", "LC401"})
SAYS = (
    "maximum recursion depth exceeded + sleep",
    "from pytest-timeout + sleep",
    "'await' expression + asyncio.sleep(",
    "object can't be awaited + asyncio.sleep(",
    "awaited + asyncio.sleep",
)

LIKELY = frozenset({"too early", "no timeout", "no time", "no timer"})


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
        what=f"{seen.place} replaces `{seen.target}` by {_double(seen)}: {_shown(seen)}.",
        why=_why(seen),
        fix=_fix(seen),
    )


def _double(seen: MockedSleep) -> str:
    article = "an" if seen.double[:1] in "AEIOU" else "a"
    return f"{article} {seen.double}" if seen.mock else f"`{seen.double}`"


def _shown(seen: MockedSleep) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    match seen.how:
        case "spins":
            return f"the loop{at} goes round and lets nothing else run"
        case "recursion":
            return f"what it awaits{at} is itself again, under that name"
        case "not awaitable":
            return f"what it gives{at} can't be awaited"
        case "no timeout":
            return f"nothing waits{at}, so no timeout can fire"
        case "no timer":
            return f"no timer had its turn before{at.replace(' at', '')}"
        case "no time":
            return f"no time passes, and the line{at} asks for it"
    return f"no task had its turn before{at.replace(' at', '')}" if at else "no task had its turn"


def _why(seen: MockedSleep) -> str:
    one = (
        "There is one `asyncio.sleep` for all modules and libraries"
        if seen.everywhere
        else f"`{seen.target}` is what that module sleeps with"
    )
    if seen.how == "recursion":
        return f"{one}, and the double looks it up by its name, too."
    if seen.how == "not awaitable":
        return f"{one}, and callers await what it returns: a coroutine is needed."
    return (
        f"{one}. The double returns without waiting: the loop does not get back, so no other task,"
        " no timer and no timeout has its turn."
    )


def _fix(seen: MockedSleep) -> str:
    if seen.how == "recursion":
        return (
            "Save the real one first, `real = asyncio.sleep`, and await `real(0)` in the double; or"
            " replace it in the module under test only, or pass the pause in."
        )
    if seen.how in (
        "no timeout",
        "no time",
        "no timer",
    ):  # nor does any pass under a double that gives way
        return "Leave the real sleep, and pass in a pause and a limit that are short."
    way = " that gives way: `real = asyncio.sleep` before, `await real(0)` in it"
    if not seen.everywhere:
        return f"Pass the pause in, or use a double{way}."
    return (
        "Pass the pause in, as an argument or attribute. Or replace the sleep in the module under"
        f" test only, by a double{way}."
    )
