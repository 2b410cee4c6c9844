"""LC201 task-leak: a task outlives the test that started it.

What: a test, or code that it calls, starts a task, and nothing ends it before the loop closes.
Why:  a test's loop cancels the remaining tasks, without a message. On a wider loop the task lives
      on, and takes the jobs, rows and messages of later tests.
Fix:  end a task where you start it: in a fixture that yields, then cancels the task and awaits it;
      or with an `asyncio.TaskGroup` around the lines that need it.

`gather` leaks, too: it raises the first error and ends nothing, so the other coroutines go on. A
`TaskGroup` cancels them, and waits for them, before its error reaches anybody. After a failed
assertion loopcheck names them if more has changed than the assertion expects, and if a block like
`with pytest.raises(…)` shows that the `gather` inside has raised. Or the test keeps the error, and
its traceback shows the `gather`. `asyncio.wait` with a limit leaves what is pending as it is, too.

Where a check finds what is left, loopcheck names who started it. The check is an assertion, like
`not client.task` or `len(asyncio.all_tasks()) == 1`, or a fixture that calls `pytest.fail` with the
tasks or timers of the loop.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.light import replace
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import Evidence, LeakedTask, Place, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc201_task_leak.evidence import Survivor

CODE, SLUG = "LC201", "task-leak"
# A leaked task never closed its client, and it took what another task waits for.
SUPERSEDES = frozenset({"LC203", "LC307", "LC505"})
SAYS = ("Task was destroyed but it is pending",)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each of the project's tasks that its loop had to cancel, or that met a later test."""
    for task in evidence.outlived:
        yield _met(task, evidence)
    if evidence.errors and not evidence.premature:
        yield from _checked(evidence)
    for task in () if evidence.failed else evidence.leaked:  # a failed test cleans up nothing
        if task.owner == "user" and task.of_a_test and (task.child or not task.cancelling):
            found = _parent(task) if task.child else _finding(task)
            test = evidence.test.nodeid if evidence.test else None
            yield replace(found, test=test, phase="teardown" if test else None)


def _checked(evidence: Evidence) -> Iterator[Finding]:
    """Name what a failing check has found: an assertion, or a fixture that looks for tasks."""
    asserts = evidence.errors[0].type == "AssertionError"
    ended = evidence.test is not None and evidence.test.phase == "teardown"
    if asserts:
        from loopcheck.modes.tasks.lc201_task_leak import (
            evidence as questions,  # late: for its own cases
        )

        seen = evidence.ask(questions.find_survivor)
        if seen is not None:
            yield _of_survivor(seen)
    if asserts or ended:
        from loopcheck.modes.tasks.lc201_task_leak import (  # late, as above
            checked_leftovers,
            leftover_words,
        )

        left = evidence.ask(checked_leftovers.find_leftover)
        if left is not None:
            yield leftover_words.finding(left, CODE, SLUG)
        elif asserts:
            from loopcheck.modes.tasks.lc201_task_leak import uncancelled_tasks  # late, as above

            going = evidence.ask(uncancelled_tasks.find_uncancelled_task)
            if going is not None:
                yield uncancelled_tasks.finding(going, CODE, SLUG)


def _of_survivor(one: Survivor) -> Finding:
    what, why, fix = _after_wait(one) if one.left_by == "wait" else _after_gather(one)
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=one.coroutine, type="asyncio.Task"),
        where=one.left_at,
        made_at=one.left_at,
        used_at=one.asserted_at,
        what=what,
        why=why,
        fix=fix,
    )


def _after_wait(one: Survivor) -> tuple[str, str, str]:
    return (
        f"`{one.coroutine}` went on after `asyncio.wait` at {one.left_at} had returned, and it"
        f" changes `{one.changed}`.",
        "When its time is over, or one task has ended, `asyncio.wait` returns. It cancels none of"
        " those that are pending.",
        f"Below {one.left_at}, cancel each task in the second set that it returns, and await them:"
        " `await asyncio.gather(*pending, return_exceptions=True)`.",
    )


def _after_gather(one: Survivor) -> tuple[str, str, str]:
    error = f"of `{one.failed}`" if one.failed else f"that {one.expected_at} expects"
    return (
        f"`{one.coroutine}` went on after `gather` at {one.left_at} had raised the error {error},"
        f" and it changes `{one.changed}`.",
        "`gather` raises the first error at once. It cancels none of the others, and does not wait"
        " for them.",
        f"Start them in an `asyncio.TaskGroup` at {one.left_at}: it cancels the others, and raises"
        " when all have ended, an `ExceptionGroup`. Or keep the tasks, and cancel and await them in"
        " a `finally`.",
    )


def _finding(task: LeakedTask) -> Finding:
    state = "was still pending" if task.started else "had not started"
    scope = f"the {task.scope} loop" if task.scope else "the test's loop"
    name, waits = _name(task), _waits(task)
    what = f"The task `{name}` {state} when {scope} closed{waits}."
    why = "Nothing ended this task, so closing the loop cancelled it."
    if task.owned_at is not None:
        why = f"{task.made_at} creates it, and nothing ended it, so closing the loop cancelled it."
    if task.collected:
        what = f"The task `{name}` {state} when its test was over{waits}."
        why = "Nothing ended this task. The garbage collector took it before its loop closed."
    if task.died_of is not None:
        kind = task.died_of.rpartition(".")[2]
        what = f"The task `{name}` {state} when its test was over{waits}."
        why = (
            f"Nothing ended this task, so it stayed on {scope} until it failed with {kind}. Until"
            " then it may take what later tests wait for."
        )
    return _of(task, "certain", what, why)


def _parent(task: LeakedTask) -> Finding:
    """Name a task that was cancelled but not awaited, and the task that it could not end."""
    scope = f"the {task.scope} loop" if task.scope else "the test's loop"
    name = _name(task)
    here = f" (at {task.waits_at})" if task.waits_at else ""
    started = f" at {task.child_at}" if task.child_at else ""
    what = (
        f"The cancelled task `{name}` was still pending{here} when {scope} closed, as was"
        f" `{task.child}`, which it started{started}."
    )
    why = (
        "`cancel()` only requests the end of a task. Until some code awaits the task, it may not"
        " reach the lines that end what it started."
    )
    found = _of(task, "certain", what, why)
    there = f" at {task.made_at}" if task.made_at else ""
    # Not "after its `cancel()`": that line may be in a library, or in a `__del__`.
    fix = (
        f"Before the test ends, cancel and await the task that is started{there}. It should end"
        f" `{task.child}` in a `finally`."
    )
    return replace(found, used_at=task.child_at or task.waits_at, fix=fix)


def _met(task: LeakedTask, evidence: Evidence) -> Finding:
    """Name a task of an earlier test that uses the same object as the failed test."""
    left_by = (task.left_by or "").rpartition("::")[2]
    failed = evidence.test
    name = failed.name if failed else "this test"
    found = _of(
        task,
        "likely",
        f"The task `{_name(task)}` from {left_by} was still pending when {name}"
        f" failed{_waits(task)}.",
        f"On the {task.scope} loop a task outlives its test. This one uses `{task.shared}`, as"
        f" {name} does, and may take what {name} waits for.",
    )
    also = (failed.nodeid,) if failed else ()
    return replace(found, test=task.left_by, phase="teardown", also=also)


def _waits(task: LeakedTask) -> str:
    return f" (it waits at {task.waits_at})" if task.waits_at else ""


def _name(task: LeakedTask) -> str:
    """Return the call that makes a library's coroutine: `sleep` alone says little."""
    return task.call or task.coroutine


def _end(task: LeakedTask) -> str:
    """Return how to end the task. It takes a reference to the task."""
    if task.closer is not None and task.owned_at is not None:
        return _closed_by_owner(task.closer, task.owned_at)
    at = task.owned_at or task.made_at
    there = f" at {at}" if at else ""
    if task.dropped and task.owned_at is None:
        return (
            f"Keep a reference to the task that is started{there}, and cancel and await the task"
            " before the test ends."
        )
    return (
        f"Cancel and await the task that is started{there}, in the fixture or test that starts it."
    )


def _closed_by_owner(closer: str, at: Place) -> str:
    """Return how the function that holds the keeper of the task ends it."""
    where = "in a `finally`, or after the `yield` of a fixture"
    if at.name is None:
        return (
            f"Keep the object that {at} starts, and call its `{closer.partition('.')[2]}` {where}."
        )
    return f"{at} starts it, so call `{closer.format(at.name)}` in the same function: {where}."


def _remedy(task: LeakedTask) -> tuple[str, ...]:
    if task.closer is None or task.owned_at is None:
        return ("cancel",)
    name = task.owned_at.name
    return ("close", task.closer.format(name)) if name is not None else ()


def _of(task: LeakedTask, certainty: Certainty, what: str, why: str) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=Subject(name=_name(task), type="asyncio.Task"),
        where=task.owned_at or task.made_at or task.waits_at,  # else the nearest known line
        made_at=task.made_at,
        used_at=task.waits_at,
        what=what,
        why=why,
        fix=_end(task) if task.closer else f"{_end(task)} Or start it in an `asyncio.TaskGroup`.",
        remedy=_remedy(task),
    )
