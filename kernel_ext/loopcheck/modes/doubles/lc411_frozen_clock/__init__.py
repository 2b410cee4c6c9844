"""LC411 frozen-clock: a test stops the clock that the event loop sleeps by.

What: a test never ends, although it waits for a short time only, or has a limit:
      `asyncio.sleep(0.1)`, `asyncio.timeout(1)`. Without `--loopcheck-hang` it hangs silently.
Why:  the loop compares `time.monotonic()` with the time at which a timer is due. All modules share
      that one function: if a patch of it, or freezegun, shows the same time for ever, no timer
      fires. Limits are timers, too, so a limit on the wait hangs as well.
Fix:  leave the loop its clock. freezegun: `freeze_time(…, real_asyncio=True)`. time-machine never
      replaces `time.monotonic`. A patch: replace a name of your module, `patch("cache.time", …)`,
      and not what the module `time` has. Or pass a clock in, or let the fake clock move on.
Edit: none, since the text does not say which code is meant to read the stopped clock.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, HangRecord, Place, StoppedClock, Subject

CODE, SLUG = "LC411", "frozen-clock"
SUPERSEDES = frozenset({"LC203", "LC204"})  # the wait would end if the clock went on
SAYS = (
    "freeze_time + Timeout",
    "freezegun + asyncio.sleep(",
    "time.monotonic + patch(",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that stopped the clock, and the wait that a timer would have ended."""
    hang = evidence.hang
    if hang is None or hang.clock is None:
        return
    seen, waits_at = hang.clock, _waits_at(hang)
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if hang.interrupted else "certain",
        subject=Subject(name=seen.name, type=seen.double),
        where=seen.place or waits_at,
        used_at=waits_at,
        what=_what(seen, hang, waits_at),
        why="The loop asks this clock whether a timer is due. It showed the same time until the"
        " limit was over, so no sleep and no timeout of this loop could end.",
        fix=_fix(seen),
    )


def _waits_at(hang: HangRecord) -> Place | None:
    stacks = [one.stack for one in hang.waits if one.stack]
    return stacks[-1][-1] if stacks else None


def _what(seen: StoppedClock, hang: HangRecord, waits_at: Place | None) -> str:
    at = f" at {waits_at}" if waits_at is not None else ""
    who = f"`{hang.waits[0].task}`" if hang.waits else "The test"
    by = seen.by or ("a mock" if seen.double == "mock" else f"`{seen.double}`")
    where = f"{seen.place} replaces" if seen.place is not None else "The test replaces"
    return f"{where} `{seen.name}` with {_of(seen, by)}, and {who} waits{at} for a timer."


def _of(seen: StoppedClock, by: str) -> str:
    return f"the clock of {by}, which stands still" if seen.by else f"{by}, which stands still"


def _fix(seen: StoppedClock) -> str:
    if seen.by == "freezegun":
        return (
            "Leave the loop its clock: `freeze_time(…, real_asyncio=True)`. Or use time-machine,"
            " which does not replace `time.monotonic`."
        )
    if seen.name != "time.monotonic":
        return (
            "Leave the loop's clock alone, and pass the code under test a clock of its own. Or let"
            " the fake clock move on."
        )
    return (
        'Replace a name of the module under test instead: `patch("module.time", …)`, or'
        ' `patch("module.monotonic", …)` if it imports that. Or pass a clock in.'
    )
