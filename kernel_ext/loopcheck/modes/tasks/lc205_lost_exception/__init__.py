"""LC205 lost-exception: a task or a callback failed, and nothing read its exception.

What: a background task or a callback raises, and the test passes or fails elsewhere. Or a server, a
      worker or a handler raises, and what catches that only logs it.
      Or the error that a test expects is dropped on its way, or a group cancels its caller because
      of it, and raises that CancelledError instead.
Why:  a task keeps its exception until some code awaits it. If none does, asyncio logs it when the
      task is collected, often in a later test. `gather(return_exceptions=True)`, a reference that
      stays and an exception handler that does nothing hide it for good. So do `except … : pass` and
      an `__aexit__` that returns a true value. And a CancelledError passes each `except Exception`.
Fix:  keep the task and `await` it, or start it in an `asyncio.TaskGroup`. For work that stays in
      the background, add a done-callback that calls `task.result()`, and let a test check it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, LoggedError, LostException, Place, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc205_lost_exception.dropped_on_the_way import DroppedOnTheWay

CODE, SLUG = "LC205", "lost-exception"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "exception was never retrieved",
    "Exception in callback",
)
AWAIT = ("await",)
MISSED = frozenset({"Failed", "AssertionError"})  # an expected error did not come


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each exception that a line of the project raised and that nothing read."""
    for one in evidence.lost:
        if one.place is None or "asynchronous generator" in one.said:  # a library's; LC206
            continue
        # The end of a loop cancels what is left: that is LC201.
        if _of_cancelled(one) and (not _of_callback(one) or evidence.leaked):
            continue
        if one.of_protocol and not evidence.failed:  # a test may send a server nonsense
            continue
        dropped = one.started_at is not None and not one.kept
        told = dropped or one.gone or one.answers or one.caught
        if not evidence.failed or told or _in_callback(one, evidence):
            yield _finding(one)  # else the await may come after the line that failed
    if evidence.logged is not None:
        logged = evidence.logged
        gather = logged.gathered_at
        yield _of_dropped(logged, gather) if gather is not None else _of_logged(logged)
    if evidence.errors and evidence.errors[0].type.rpartition(".")[2] in MISSED:
        from loopcheck.modes.tasks.lc205_lost_exception import (
            dropped_on_the_way,
        )  # late: for its own cases

        seen = evidence.ask(dropped_on_the_way.find_dropped)
        if seen is not None:
            yield _of_handled(seen)

    late = None
    if any(error.type.endswith("InvalidStateError") for error in evidence.errors):
        from loopcheck.modes.tasks.lc205_lost_exception import late_answers  # late, as above

        late = evidence.ask(late_answers.find_late_answer)
        if late is not None:
            yield late_answers.finding(late, CODE, SLUG)

    if late is None and evidence.errors and evidence.errors[0].type.rpartition(".")[2] in MISSED:
        from loopcheck.modes.tasks.lc205_lost_exception import reported_errors  # late, as above

        reported = evidence.ask(reported_errors.find_reported_error)
        if reported is not None:
            yield reported_errors.finding(reported, CODE, SLUG)

    if evidence.errors and evidence.errors[0].type.rpartition(".")[2] in MISSED:
        from loopcheck.modes.tasks.lc205_lost_exception import failed_leaders  # late, as above

        leader = evidence.ask(failed_leaders.find_failed_leader)
        if leader is not None:
            yield failed_leaders.finding(leader, CODE, SLUG)

    if evidence.errors and evidence.errors[0].type.endswith("CancelledError"):
        from loopcheck.modes.tasks.lc205_lost_exception import hidden_by_cancel  # late, as above

        hidden = evidence.ask(hidden_by_cancel.find_hidden_by_cancel)
        if hidden is not None:
            yield hidden_by_cancel.finding(hidden, CODE, SLUG)


def _of_handled(seen: DroppedOnTheWay) -> Finding:
    if seen.exit:
        how = (
            f"`{seen.exit}` at {seen.at} returns a value, and a true one drops each {seen.type}"
            " that"
        )
        why = "With a true value, a manager says that it has dealt with the error of its block."
        fix = f"Return nothing at {seen.at}, so that the error goes on to {seen.expected_at}."
    else:
        how = f"`{seen.words}` at {seen.at} drops each {seen.type} that"
        why = f"The test expects that error at {seen.expected_at}, and no other way leads there."
        fix = f"Let {seen.type} pass at {seen.at}: catch only what can be dealt with there."
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=seen.exit or seen.words, type=seen.type),
        where=seen.at,
        used_at=seen.expected_at,
        made_at=seen.raised_at,
        what=f"{how} `{seen.raised_in}` raises at {seen.raised_at}.",
        why=why,
        fix=fix,
    )


def _of_cancelled(one: LostException) -> bool:
    return one.type.endswith("CancelledError")


def _of_callback(one: LostException) -> bool:
    return one.coroutine is None and one.callback is not None and one.executed is None


def _in_callback(one: LostException, evidence: Evidence) -> bool:
    """Return whether a callback's own line raised it: no line can await that.

    A callback that calls `task.result()` raises an error from elsewhere, which may be known there.
    """
    known = {error.type.rpartition(".")[2] for error in evidence.errors}
    last = (one.callback or "").rpartition(".")[2]
    own = one.of_protocol or (one.place is not None and one.place.name == last)
    return _of_callback(one) and own and one.type.rpartition(".")[2] not in known


def _finding(one: LostException) -> Finding:
    known = one.coroutine or one.callback or (one.place.name if one.place else None)
    name = (known or "callback").rpartition("<locals>.")[2]
    kind = one.type.rpartition(".")[2]
    who = "callback" if _of_callback(one) or one.caught else "task"
    there = f" at {one.started_at}" if one.started_at else ""
    if one.executed is not None:
        return _of_thread(one, one.executed, kind, there)
    if one.answers:
        return _of_answer(one, who, name)
    if one.slipped_by is not None:
        from loopcheck.modes.tasks.lc205_lost_exception import slipped_words  # late: few slip by

        return slipped_words.finding(one.slipped_by, one.place, CODE, SLUG)
    if who == "task":
        why = "A task keeps its exception for the code that awaits it, and none did."
        if one.kept:
            fix = f"`await` the task that is started{there}."
        elif one.referenced:
            fix = (
                f"`await` the task that is started{there}, or call its `result()` once it is done:"
                " both raise its error, and `asyncio.wait` does not."
            )
        else:
            fix = f"Keep a reference to the task that is started{there} and `await` it."
        fix += " Or start it in an `asyncio.TaskGroup`."
    elif _of_cancelled(one):
        why = (
            "`result()` and `exception()` of a cancelled task raise CancelledError. The loop's"
            " exception handler receives it from the callback, and only logs it."
        )
        fix = "In the callback, return before that line if `cancelled()` of the task is true."
    else:
        why = "The loop's exception handler receives what a callback raises, and only logs it."
        fix = (
            f"Mend what fails there. To let a test fail with it, catch it in `{name}`, and call"
            " `set_exception` on a future that the test awaits."
        )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type=who),
        where=one.started_at or one.place,
        made_at=one.started_at,
        used_at=one.place,
        remedy=AWAIT if who == "task" and one.started_at is not None else (),
        what=f"The {who} `{name}` raised {kind} at {one.place}, and nothing read it.",
        why=why,
        fix=fix,
    )


def _of_answer(one: LostException, who: str, name: str) -> Finding:
    """Name the line that gave a result to a future which was done: to await the task is too late.

    Such tasks and callbacks answer many requests: whoever awaits an answer does not know them.
    """
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type=who),
        where=one.place,
        made_at=one.started_at,
        used_at=one.place,
        what=f"The {who} `{name}` raised InvalidStateError at {one.place}, and nothing read it.",
        why="The future already had a result, or whoever awaited it was cancelled. With this error"
        f" the {who} ends, and sets no other future.",
        fix=f"At {one.place}, leave out a future whose `done()` is true.",
    )


def _of_logged(one: LoggedError) -> Finding:
    """Name the line that raised an error which was only logged."""
    words = f": {one.message}" if one.message else ""
    if one.logged_at is not None:
        why = f"{one.logged_at} logs the error, and the code goes on without it."
    else:
        why = (
            f"`{one.logger}` logs what a handler or a task raises, and answers or goes on without"
            " it."
        )
    if one.undone is not None:
        why += f" So `{one.name}` did not come to change `{one.undone}`."
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=one.name, type=one.type),
        where=one.place,
        used_at=one.used_at,
        what=f"`{one.name}` raised “{one.type}{words}” at {one.place} while the test ran, and that"
        " was only logged.",
        why=why,
        fix=f"Mend what fails at {one.place}. pytest shows the whole traceback with what it has"
        " captured.",
    )


def _of_dropped(one: LoggedError, gather: Place) -> Finding:
    """Name the `gather` that returned an error among its results."""
    words = f": {one.message}" if one.message else ""
    dropped_at = one.dropped_at or gather
    drops = f"{dropped_at} drops them"
    if dropped_at != gather:
        drops = f"{gather} passes them on to {dropped_at}, which drops them"
    if one.undone is not None:
        then = f"`{one.name}` did not come to change `{one.undone}`"
    else:
        then = f"{one.expected_at} waits for it in vain"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=one.name, type="task"),
        where=gather,
        made_at=gather,
        used_at=one.place,
        what=f"`{one.name}` raised “{one.type}{words}” at {one.place} while the test ran, and"
        " nothing read it.",
        why=f"`gather(return_exceptions=True)` returns errors among its results, and {drops}. So"
        f" {then}.",
        fix=f"Leave out `return_exceptions=True` at {gather}: then `gather` raises the first error."
        f" Or keep its results at {dropped_at}, and raise the errors among them.",
    )


def _of_thread(one: LostException, name: str, kind: str, there: str) -> Finding:
    """Name the future of `run_in_executor`: it is no task, so no `TaskGroup` awaits it."""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type="future"),
        where=one.started_at or one.place,
        made_at=one.started_at,
        used_at=one.place,
        remedy=AWAIT if one.started_at is not None else (),
        what=f"`{name}` raised {kind} at {one.place} in a thread of an executor, and nothing read"
        " it.",
        why="The future of `run_in_executor` keeps its exception for the code that awaits it, and"
        " none did.",
        fix=f"Keep the future of `run_in_executor`{there} and `await` it. For several, write"
        " `await asyncio.gather(*futures)`.",
    )
