"""LC215 shared-cancel: a cancellation ends a task that others await, or the code that asks for it.

What: a line that awaits a shared task or future raises CancelledError, though nothing has cancelled
      its caller. `gather` returns that error as a result, `set_result` raises InvalidStateError.
      Before that, a time limit or `cancel()` has ended another caller. Or a task runs the method
      that ends it, and stops half-way there: `Task cannot await on itself`.
Why:  a cancellation goes down to what the cancelled code awaits: at `await self.task` it cancels
      the task itself. All others that await it, now or later, get CancelledError. So does the task
      that cancels itself, at its next `await`.
Fix:  `await asyncio.shield(self.task)`. The caller's own wait ends, and the task continues for the
      others. Cancel the task itself where its owner closes, unless that code runs in the task:
      `if self.task is not asyncio.current_task():`.
Edit: the shield. None for a task that ends itself: what is left to do there is not in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import ErrorRecord, Evidence, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc215_shared_cancel.evidence import SharedCancel
    from loopcheck.modes.tasks.lc215_shared_cancel.own_end import OwnEnd

CODE, SLUG = "LC215", "shared-cancel"
SUPERSEDES: frozenset[str] = frozenset()
ERRORS = ("CancelledError", "InvalidStateError")
ASSERTS = frozenset({"AssertionError", "Failed"})
SAYS = (
    "Task cannot await on itself",
    "asyncio.exceptions.CancelledError",
    "asyncio.exceptions.InvalidStateError",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that awaits what others await, too, without a shield."""
    if not evidence.errors:
        return
    if _may_be_own(evidence.errors[0]):
        from loopcheck.modes.tasks.lc215_shared_cancel import own_end  # late: for its own cases

        end = evidence.ask(own_end.find_own_end)
        if end is not None:
            yield _of_own_end(end)
            return
    if not _may_be(evidence.errors[0]):
        return
    from loopcheck.modes.tasks.lc215_shared_cancel import (
        evidence as questions,
    )  # late: for its own cases

    seen = evidence.ask(questions.find_shared_cancel)
    if seen is None:
        if evidence.errors[0].type.endswith(ERRORS[0]):
            from loopcheck.modes.tasks.lc215_shared_cancel import cancelled_futures  # late, too

            other = evidence.ask(cancelled_futures.find_cancelled_future)
            if other is not None:
                yield cancelled_futures.finding(other, CODE, SLUG)
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.sure else "likely",
        subject=Subject(name=seen.awaited, type=seen.kind),
        where=seen.awaits_at,
        used_at=seen.ended_at if seen.ended_at != seen.awaits_at else None,
        what=f"{_ended(seen)} also cancelled `{seen.awaited}`, {_missed(seen)}.",
        why=_why(seen),
        fix=f"Await it through a shield, `await asyncio.shield({seen.awaited})`. Then it continues"
        " for the others when one caller ends. Cancel it where its owner closes.",
        remedy=("shield", seen.awaited),
    )


def _may_be_own(error: ErrorRecord) -> bool:
    """Return whether *error* may show that a task has ended itself."""
    if error.type == "RuntimeError":
        return SAYS[0] in error.message
    return error.type in ASSERTS or error.type.endswith(ERRORS[0])


def _of_own_end(seen: OwnEnd) -> Finding:
    if seen.how == "awaits":
        what = f"`{seen.coroutine}` awaits itself, since it is the task `{seen.task}` at {seen.at}."
        why = "A task that waits for its own end waits forever, so asyncio raises RuntimeError."
    else:
        what = (
            f"`{seen.coroutine}` cancels itself, since it is the task `{seen.task}` at {seen.at}."
        )
        why = "It gets CancelledError at its next `await`, so the lines after that do not run."
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.sure else "likely",
        subject=Subject(name=seen.task, type="task"),
        where=seen.at,
        made_at=seen.made_at,
        what=what,
        why=why,
        fix=f"Leave the task alone at {seen.at} if it is the one that runs there:"
        f" `if {seen.task} is not asyncio.current_task():`.",
    )


def _may_be(error: ErrorRecord) -> bool:
    """Return whether *error* is a cancellation, or an assertion about one: `task.cancelled()`."""
    if error.type == "AssertionError":
        return "cancel" in error.message.lower()
    return error.type.endswith(ERRORS)


def _ended(seen: SharedCancel) -> str:
    if seen.by == "limit":
        return f"The time limit that ended the wait at {seen.ended_at}"
    return f"The cancellation of the task `{seen.caller}` from {seen.ended_at}"


def _missed(seen: SharedCancel) -> str:
    if seen.completed_at is not None:
        return f"which {seen.completed_at} was to complete"
    if seen.also_at is not None:
        return f"which {seen.also_at} awaits, too"
    if seen.ended_at == seen.awaits_at:
        return "which other callers await there, too"
    return f"which other callers await at {seen.awaits_at}"


def _why(seen: SharedCancel) -> str:
    mechanism = f"Cancelling a coroutine cancels the {seen.kind} that it awaits."
    if seen.completed_at is not None:
        return f"{mechanism} A cancelled future takes no result, so `set_result` raises an error."
    return f"{mechanism} All others that await it get CancelledError."
