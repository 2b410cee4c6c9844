"""The words for what a check finds left, see `checked_leftovers`."""

from __future__ import annotations

from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc201_task_leak.checked_leftovers import Leftover
from loopcheck.records import Subject


def finding(seen: Leftover, code: str, slug: str) -> Finding:
    """Name the line that starts what is left, or the function that should have ended it."""
    what, why, fix = _of_timer(seen) if seen.timer else _of_task(seen)
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(
            name=seen.name or "timer", type=f"asyncio.{'TimerHandle' if seen.timer else 'Task'}"
        ),
        where=seen.forgotten_at or seen.started_at,
        made_at=seen.started_at,
        used_at=seen.checked_at,
        what=what,
        why=why,
        fix=fix,
    )


def _of_task(seen: Leftover) -> tuple[str, str, str]:
    starts, maker = seen.started_at, seen.started_at.name or "the function around it"
    if seen.forgotten_at is not None:
        ender = seen.forgotten_at.name
        return (
            f"`{seen.name}`, which {starts} starts, is still running at {seen.checked_at}, since"
            f" `{ender}` has not ended it.",
            f"`{ender}` cancels another task. It does not use `{seen.kept}`, which keeps this one.",
            f"In `{ender}`, at {seen.forgotten_at}, cancel `{seen.kept}`, too, and await it.",
        )
    if seen.after:
        return (
            f"`{seen.name}`, which {starts} starts, was still running after the test, so"
            f" {seen.checked_at} fails.",
            "Nothing had cancelled this task when the check ran.",
            f"Cancel and await the task of {starts} before the test ends: in a `finally`, or in the"
            " method that closes its object, which the test then calls.",
        )
    keeps, expects = f" and `{seen.written}` keeps", "The assertion expects no task there"
    if seen.counted:
        keeps, expects = "", f"`{seen.written}` counts it"
    return (
        f"`{seen.name}`, which {starts} starts{keeps}, is still running at {seen.checked_at}.",
        f"{expects}, and nothing has cancelled this one.",
        f"Cancel and await the task of {starts}, also where an error or a cancellation ends"
        f" `{maker}` or its callers early. A `finally` or an `except BaseException` does so.",
    )


def _of_timer(seen: Leftover) -> tuple[str, str, str]:
    starts, calls = seen.started_at, f" for `{seen.name}`" if seen.name else ""
    kept = f"`{seen.written}.cancel()`"
    if not seen.written:
        fix = (
            f"Keep what {starts} gets from the loop, and call its `cancel()` in a `finally`, or in"
            " the method that closes its object."
        )
    elif "." in seen.written:
        fix = (
            f"Call {kept} in the method that closes the object of {starts}, and let the test call"
            " it."
        )
    else:
        fix = f"Call {kept} on each way out of `{starts.name}`, in a `finally` around {starts}."
    return (
        f"The timer that {starts} starts{calls} is still scheduled at {seen.checked_at}.",
        "A timer is no task. Nothing ends it with the function that starts it.",
        fix,
    )
