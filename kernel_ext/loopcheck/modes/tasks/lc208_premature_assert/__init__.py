"""LC208 premature-assert: a test asserts before the background work has run.

What: a task changes what the test asserts, and has not got that far yet. Or a line asks a task for
      its `result()`, and it has none yet: InvalidStateError.
Why:  a task runs only while the test awaits something, and only up to its own next `await`. One
      turn of the loop, or a short sleep, lets it get further by luck, and not on a busy machine.
      If its loop closes first, as `asyncio.run` and web test clients do, it never gets there.
Fix:  wait for the work itself, with a limit. Under `asyncio.timeout(1)`, `await` the task,
      `queue.join()`, or an `asyncio.Event` that the work sets.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Premature, Subject

CODE, SLUG = "LC208", "premature-assert"
SUPERSEDES: frozenset[str] = frozenset({"LC201", "LC205"})
SAYS: tuple[str, ...] = ()  # an assertion like any other
RUNS = "A task runs only while the test awaits, and only up to its own next `await`."
THREAD = "`run_in_executor` starts work in a thread, and the test does not wait for it."
CUT_OFF = (
    "A loop that closes cancels the tasks that are left. `asyncio.run` closes it when its coroutine"
    " returns, and a web test client after the request, or at the end of its `with` block."
)
CALLED = "The loop calls it when its time comes, and only while the test awaits."


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the failing line, and the task that should change what it checks."""
    for one in evidence.premature:
        # loopcheck saw a task with work left to do, or checked the line again and it held.
        seen = one.coroutine is not None or one.held
        # Waiting does not help if the loop of the task does not run: LC106.
        if seen and one.loop is None:
            yield _finding(one)
    if any(error.type.endswith("InvalidStateError") for error in evidence.errors[:1]):
        from loopcheck.modes.tasks.lc208_premature_assert import unset_results  # late: few ask

        unset = evidence.ask(unset_results.find_unset_result)
        if unset is not None:
            yield unset_results.finding(unset, CODE, SLUG)


def _finding(one: Premature) -> Finding:
    if one.cut_off:
        return _of_cut_off(one)
    if one.timer:
        what = f"The loop has not called `{one.coroutine}` yet, which changes `{one.asked}`."
        fix = f"Before {one.place}, wait until `{one.coroutine}` has run"
    elif one.coroutine is None:
        mock, _, check = one.asked.rpartition(".")
        what = (
            f"`{check}` of `{mock}` failed, and a moment later it would have passed."
            if one.mock
            else f"`{one.asked}` was not yet what the line asserts, and a moment later it was."
        )
        changes = (
            "`run_in_executor` returned"
            if one.threads
            else f"calls `{mock}`"
            if one.mock
            else f"changes `{one.asked}`"
        )
        fix = f"Before {one.place}, wait for what {changes}"
    else:
        left = "is not done yet" if one.itself else f"has not changed `{one.asked}` yet"
        left = f"changes `{one.asked}` again only after its sleep" if one.again else left
        what = f"{_progress(one)}, and {left}."
        until = f"until the task `{one.coroutine}` has done this"
        until = until if one.endless else f"for the task `{one.coroutine}`"
        fix = f"Before {one.place}, wait {until}"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(
            name=one.coroutine or (one.asked.rpartition(".")[0] if one.mock else one.asked),
            type=f"asyncio.{'TimerHandle' if one.timer else 'Future' if one.threads else 'Task'}",
        ),
        where=one.place,
        used_at=one.waits_at,
        what=what,
        why=CALLED if one.timer else THREAD if one.threads else RUNS,
        remedy=("wait", one.asked, *(("missing",) if one.missing else ())),
        fix=f"{fix}: `await` {_awaitable(one)}, under `asyncio.timeout(1)`. A sleep only makes the"
        " failure rare.",
    )


def _of_cut_off(one: Premature) -> Finding:
    """The finding for a task that its loop cancelled, so that no later check would find it done."""
    started = f" that {one.made_at} starts" if one.made_at else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=str(one.coroutine), type="asyncio.Task"),
        where=one.made_at or one.place,
        made_at=one.made_at,
        used_at=one.place,
        what=f"{_progress(one)} when its loop closed, so it never changed `{one.asked}`, which"
        f" {one.place} reads.",
        why=CUT_OFF,
        fix=f"Keep the task{started}, and `await` it before that loop closes. In a web application,"
        " use the framework's background tasks: the test client waits for them.",
    )


def _awaitable(one: Premature) -> str:
    if one.threads:
        return "it"  # asyncio's events are not for threads
    if one.endless:  # its end would not come
        queue = f", or `join()` of its queue `{one.queue}`" if one.queue else ""
        return f"an event that it sets{queue}"
    return "an event that the callback sets" if one.timer else "it, or an event that it sets"


def _progress(one: Premature) -> str:
    """Return how far the task has come, or had come when its loop closed.

    After the failure the loop runs on for a turn before loopcheck looks at a living task. So what
    is seen is true of the look, not of the moment when the line failed.
    """
    task = f"The task `{one.coroutine}`"
    if not one.started:
        return f"{task} {'had' if one.cut_off else 'has'} not started"
    if one.waits_at is None:
        return f"{task} {'was' if one.cut_off else 'is'} still running"
    return f"{task} {'had' if one.cut_off else 'has'} only reached {one.waits_at}"
