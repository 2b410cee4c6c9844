"""LC210 destroyed-pending: the garbage collector takes a task that has not ended.

What: `Task was destroyed but it is pending!` in the log, and work that stops without an error:
      `assert [] == ['hello']`, or a test that passes because nothing checks that work.
Why:  the loop has only weak references to its tasks. A waiting task lives by what it waits for: a
      timer, a socket, a queue that other code has. If nobody else has that, or has it by a weak
      reference as asyncio's streams do, the next collection takes both. `self.task = …` is no help
      if nothing refers to `self`. A loop that is closed lets go of everything.
Fix:  keep the task for as long as it should work, then cancel and await it: in a fixture that
      yields, in an `asyncio.TaskGroup`, or in an object that a test keeps and closes. Before you
      close a loop of your own, cancel its tasks and run it until they have ended.
Edit: the test or fixture that starts the task keeps it, and cancels and awaits it at its end.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import DestroyedTask, Evidence, LeakedTask, Subject

CODE, SLUG = "LC210", "destroyed-pending"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "Task was destroyed but it is pending!",
    "Task was destroyed but it is pending",
    "coroutine ignored GeneratorExit + Task was destroyed",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each task of the project that was collected before its end."""
    for one in evidence.destroyed:
        if one.task.owner == "user":
            yield _finding(one)


def _finding(one: DestroyedTask) -> Finding:
    task = one.task
    name = task.call or task.coroutine
    waited = f" while it waited at {task.waits_at}" if task.waits_at is not None else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type="asyncio.Task"),
        where=task.owned_at or task.made_at or task.waits_at,
        made_at=task.made_at,
        used_at=task.waits_at,
        what=f"The garbage collector took the task `{name}`{waited}, so it never ended.",
        why=_why(one),
        fix=_fix(one),
        remedy=_remedy(one),
    )


def _why(one: DestroyedTask) -> str:
    if one.loop_closed:
        return "Its loop was closed while the task was pending, and did not cancel it."
    return (
        "The loop has only a weak reference to a task. Nothing else had a strong one to this task,"
        " or to what it waited for."
    )


def _fix(one: DestroyedTask) -> str:
    task = one.task
    at = task.owned_at or task.made_at
    there = f" that {at} starts" if at is not None else ""
    if one.loop_closed:
        return (
            f"Before you close the loop, cancel the task{there}, and run the loop until the task"
            " has ended."
        )
    if task.closer is not None and task.owned_at is not None:
        call = task.closer.format(task.owned_at.name or "…")
        return f"Keep the object that {at} starts, and end it with `{call}` when the test is over."
    if task.dropped or at is None:
        return (
            f"Keep a reference to the task{there}, and cancel and await it when the test is over."
            " Or start it in an `asyncio.TaskGroup`."
        )
    return (
        f"Keep what holds the task{there} until the test is over, then cancel and await the task."
        " Or start it in an `asyncio.TaskGroup`."
    )


def _remedy(one: DestroyedTask) -> tuple[str, ...]:
    task: LeakedTask = one.task
    if one.loop_closed:
        return ()
    if task.closer is None or task.owned_at is None:
        return ("cancel",)
    name = task.owned_at.name
    return ("close", task.closer.format(name)) if name is not None else ()
