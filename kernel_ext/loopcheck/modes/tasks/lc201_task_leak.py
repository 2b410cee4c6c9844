"""LC201 task-leak: a task outlives the test that made it.

What: a test, or what it calls, starts a task, and nobody ends it before the loop closes.
Why:  the loop of a test cancels what is left, without a word. On a wider loop the task lives on,
      and takes the jobs, rows and messages of the next tests.
Fix:  who starts a task ends it: a fixture that yields, then cancels the task and awaits it; or an
      `asyncio.TaskGroup` around the lines that need it.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.light import replace
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import Evidence, LeakedTask, Subject

CODE, SLUG = "LC201", "task-leak"
# A task that nobody ended had no time to close its client; and it took what another waits for.
SUPERSEDES = frozenset({"LC203", "LC307", "LC505"})
SAYS = ("Task was destroyed but it is pending",)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each task of the user's that its test's loop had to cancel, or a later test met."""
    for task in evidence.outlived:
        yield _met(task, evidence)
    for task in () if evidence.failed else evidence.leaked:  # a failed test ends nothing
        if task.owner == "user" and task.of_a_test and (task.child or not task.cancelling):
            found = _parent(task) if task.child else _finding(task)
            test = evidence.test.nodeid if evidence.test else None
            yield replace(found, test=test, phase="teardown" if test else None)


def _finding(task: LeakedTask) -> Finding:
    never = "" if task.started else " It never came to its first line."
    scope = f"the {task.scope} loop" if task.scope else "the test's loop"
    name, waits = _name(task), _waits(task)
    what = f"The task `{name}` was still pending when {scope} closed{waits}.{never}"
    why = "Who starts a task ends it. This one was cancelled by the end of its loop, unasked."
    if task.died_of is not None:
        kind = task.died_of.rpartition(".")[2]
        what = f"The task `{name}` was still pending when its test was over{waits}.{never}"
        why = (
            f"Who starts a task ends it. This one lived on, on {scope}, until it failed with"
            f" {kind}: until then it may take what later tests wait for."
        )
    return _of(task, "certain", what, why)


def _parent(task: LeakedTask) -> Finding:
    """Name a task that was cancelled and not awaited, by what it had no time to end."""
    scope = f"the {task.scope} loop" if task.scope else "the test's loop"
    name = _name(task)
    started = f" at {task.child_at}" if task.child_at else ""
    what = (
        f"The task `{name}` was cancelled, but it was still pending when {scope} closed"
        f"{_waits(task)}. So was `{task.child}`, which it had started{started}."
    )
    why = (
        "`cancel()` only asks a task to end. Until somebody awaits it, the task may not come to"
        " the lines that end what it has started."
    )
    found = _of(task, "certain", what, why)
    there = f" at {task.made_at}" if task.made_at else ""
    fix = (
        f"Await the task that is started{there} after its `cancel()`, and let it end"
        f" `{task.child}` in a `finally`."
    )
    return replace(found, used_at=task.child_at or task.waits_at, fix=fix)


def _met(task: LeakedTask, evidence: Evidence) -> Finding:
    """Name a task of an earlier test by what it shares with the one that has failed."""
    left_by = (task.left_by or "").rpartition("::")[2]
    failed = evidence.test
    name = failed.name if failed else "this test"
    found = _of(
        task,
        "likely",
        f"The task `{_name(task)}`, left by {left_by}, was still pending when {name}"
        f" failed{_waits(task)}.",
        f"On the {task.scope} loop a task outlives its test. This one works with `{task.shared}`,"
        f" as {name} does, and may take what is meant for it.",
    )
    also = (failed.nodeid,) if failed else ()
    return replace(found, test=task.left_by, phase="teardown", also=also)


def _waits(task: LeakedTask) -> str:
    return f" (it waits at {task.waits_at})" if task.waits_at else ""


def _name(task: LeakedTask) -> str:
    """Return the call that makes a library's coroutine: `sleep` alone says little."""
    return task.call or task.coroutine


def _of(task: LeakedTask, certainty: Certainty, what: str, why: str) -> Finding:
    there = f" at {task.made_at}" if task.made_at else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=Subject(name=_name(task), type="asyncio.Task"),
        where=task.made_at or task.waits_at,  # else that is the nearest that is known
        made_at=task.made_at,
        used_at=task.waits_at,
        what=what,
        why=why,
        fix=f"Cancel and await the task that is started{there}, in the fixture or test that starts"
        " it; or start it in an `asyncio.TaskGroup`.",
    )
