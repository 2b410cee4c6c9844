"""An error that nothing read but the exception handler of the loop, and an assertion finds it.

A test sets that handler to see what asyncio reports, and asserts that this is nothing.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc205_lost_exception import late_answers
from loopcheck.process import failure, futures, objects
from loopcheck.process.doubles import doubles
from loopcheck.process.failure import Step
from loopcheck.process.pending import premature_asserts, surplus_asserts
from loopcheck.records import Place, Subject
from loopcheck.source import effects
from loopcheck.source.statements import raise_conditions
from loopcheck.source.values import meaning
from loopcheck.watch import exceptions

MOST = 500  # values to look at
DEEPEST = 5  # from what the line reads to an error: a call, its arguments, a context


@frozen
class ReportedError:
    """An error among the values that a failed assertion expects to be empty."""

    type: str  # "InvalidStateError"
    place: Place
    name: str  # the coroutine or the callback that raised it
    of_task: bool
    read_at: Place
    future: str = ""  # the one that was done, if the line gives a future its result
    cancelled: bool = False  # that future was cancelled


def find_reported_error(live: Live) -> ReportedError | None:
    """Return the error that the loop's handler received and that the failing line came upon."""
    entries = exceptions.handled()
    link = live.links[0]
    step = link.user
    if not entries or step is None:
        return None
    for error in _errors_in(_read(live.error, step)):
        entry = next((one for one in entries if exceptions.is_about(one, error)), None)
        if entry is not None and entry.line is not None:
            file, line, function = entry.line
            future, cancelled = _answered(error)
            return ReportedError(
                type=entry.type.rpartition(".")[2],
                place=Place(live.labels.file(file), line, function),
                name=(entry.coroutine or entry.callback or function).rpartition("<locals>.")[2],
                of_task=entry.coroutine is not None,
                read_at=step.place(live.labels),
                future=future,
                cancelled=cancelled,
            )
    return None


def _read(error: BaseException, step: Step) -> list[object]:
    """Return what the line of *step* reads, if it fails on anything that is there."""
    test = raise_conditions.condition_of(step.frame.f_code.co_filename, step.line)
    if test is not None:
        fails = surplus_asserts.fails_on_anything(test)
        env = meaning.names_of(step.frame)
        return effects.read_by([test], env, step.frame.f_code).held if fails else []
    asked = premature_asserts.asked(error)
    fails = asked is not None and surplus_asserts.expects_nothing(asked.step)
    return asked.sight.held if asked is not None and fails else []


def _errors_in(values: Iterable[object]) -> Iterator[BaseException]:
    """Yield the errors in *values*: in containers, in attributes, in the calls of mocks."""
    todo, seen = deque((one, 0) for one in values), set[int]()
    while todo and len(seen) < MOST:
        value, depth = todo.popleft()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if objects.is_a(value, BaseException):
            yield value
        elif depth < DEEPEST:
            mock = doubles.mock_of(value)
            parts = doubles.arguments(mock) if mock is not None else objects.steps(value)
            todo += [(part, depth + 1) for pair in islice(parts, MOST) for part in pair]


def _answered(error: BaseException) -> tuple[str, bool]:
    """Return the future that the line which raised *error* could not complete."""
    for step in next(failure.chain(error)).trace:
        future, thing = late_answers.answered(step.frame, step.source.nodes())
        if future is not None:
            return ast.unparse(future), futures.cancelled(thing)
    return "", False


def finding(seen: ReportedError, code: str, slug: str) -> Finding:
    """Name the line that raised what a test finds in the reports to the loop's handler."""
    who = "task" if seen.of_task else "callback"
    why = (
        f"asyncio reports what a {who} raises and nothing awaits, and {seen.read_at} expects no"
        " report."
    )
    fix = f"Mend what fails at {seen.place}."
    if seen.future:
        done = "was cancelled before" if seen.cancelled else "already had a result"
        why = f"`{seen.future}` {done}. asyncio reports the error, and {seen.read_at} expects none."
        fix = f"At {seen.place}, leave out a future whose `done()` is true."
    elif seen.of_task:
        fix += f" If that error is expected, `await` the task `{seen.name}` and catch it there."
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=seen.name, type=who),
        where=seen.place,
        used_at=seen.read_at,
        what=f"The {who} `{seen.name}` raised {seen.type} at {seen.place}, and only the loop's"
        " exception handler received it.",
        why=why,
        fix=fix,
    )
