"""LC208 premature-assert: a test asserts before the background work has run.

What: what the test asserts about is changed by a task that had not come that far.
Why:  a task runs when the test awaits something, and only as far as its own next `await`. A turn of
      the loop, or a short sleep, lets it get further by luck, and not on a busy machine.
Fix:  wait for the work itself, with a limit: keep the task and `await` it under
      `asyncio.timeout(1)`, `queue.join()`, or an `asyncio.Event` that the work sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Premature, Subject

CODE, SLUG = "LC208", "premature-assert"
SUPERSEDES: frozenset[str] = frozenset({"LC201", "LC205"})
SAYS: tuple[str, ...] = ()  # an assertion like any other
RUNS = "A task runs while the test awaits, and no further than to its own next `await`."
THREAD = "What `run_in_executor` starts runs in a thread, and the test does not wait for it."
CALLED = "The loop calls it when its time has come, and only while the test awaits."


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the failing line, and the task that was to change what it asks for."""
    for one in evidence.premature:
        # A task was seen with its work ahead of it, or the line was asked again and held.
        seen = one.coroutine is not None or one.held
        # No waiting helps where the loop of the task stands still: LC106.
        if seen and one.loop is None:
            yield _finding(one)


def _finding(one: Premature) -> Finding:
    if one.timer:
        what = f"The loop has yet to call `{one.coroutine}`, which changes `{one.asked}`."
        fix = f"Before {one.place}, wait for what `{one.coroutine}` does"
    elif one.coroutine is None:
        what = f"`{one.asked}` was not yet as the line asserts; a moment later it was."
        changes = "`run_in_executor` gave back" if one.threads else f"changes `{one.asked}`"
        fix = f"Before {one.place}, wait for what {changes}"
    else:
        todo = (
            " when the line asked for it"
            if one.itself
            else f", and it has yet to change `{one.asked}`"
        )
        what = f"{_progress(one)}{todo}."
        fix = f"Before {one.place}, wait for the task `{one.coroutine}`"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(
            name=one.coroutine or one.asked,
            type=f"asyncio.{'TimerHandle' if one.timer else 'Future' if one.threads else 'Task'}",
        ),
        where=one.place,
        used_at=one.waits_at,
        what=what,
        why=CALLED if one.timer else THREAD if one.threads else RUNS,
        fix=f"{fix}: `await` {_awaitable(one)}, under `asyncio.timeout(1)`. A sleep only makes the"
        " failure rare.",
    )


def _awaitable(one: Premature) -> str:
    if one.threads:
        return "it"  # no event: asyncio's are not for threads
    return "an event that it sets" if one.timer else "it, or an event that it sets"


def _progress(one: Premature) -> str:
    if not one.started:
        return f"The task `{one.coroutine}` had not begun"
    if one.waits_at is None:
        return f"The task `{one.coroutine}` still ran"
    return f"The task `{one.coroutine}` had come no further than {one.waits_at}"
