"""LC201 task-leak: a task outlives the test that made it.

What: a test, or what it calls, starts a task, and nobody ends it before the loop closes.
Why:  the loop of a test cancels what is left, without a word. On a wider loop the task lives on,
      and takes the jobs, rows and messages of the next tests.
Fix:  who starts a task ends it: a fixture that yields, then cancels the task and awaits it; or an
      `asyncio.TaskGroup` around the lines that need it.
"""

from collections.abc import Iterator
from dataclasses import replace

from loopcheck.facts.records import Evidence, LeakedTask, Subject
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC201", "task-leak"
SUPERSEDES = frozenset({"LC307"})  # a task that nobody ended had no time to close its client


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each task of the user's that its test's loop had to cancel."""
    for task in () if evidence.failed else evidence.leaked:  # a failed test ends nothing
        if task.owner == "user" and task.of_a_test and not task.cancelling:
            found = _finding(task)
            test = evidence.test.nodeid if evidence.test else None
            yield replace(found, test=test, phase="teardown" if test else None)


def _finding(task: LeakedTask) -> Finding:
    name = task.coroutine
    waits = f" (it waits at {task.waits_at})" if task.waits_at else ""
    never = "" if task.started else " It never came to its first line."
    there = f" at {task.made_at}" if task.made_at else ""
    scope = f"the {task.scope} loop" if task.scope else "the test's loop"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type="asyncio.Task"),
        where=task.made_at or task.waits_at,
        made_at=task.made_at,
        used_at=task.waits_at,
        what=f"The task `{name}` was still pending when {scope} closed{waits}.{never}",
        why="Who starts a task ends it. This one was cancelled by the end of its loop, unasked.",
        fix=f"Cancel and await the task that is started{there}, in the fixture or test that starts"
        " it; or start it in an `asyncio.TaskGroup`.",
    )
