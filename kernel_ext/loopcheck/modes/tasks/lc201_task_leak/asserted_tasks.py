"""A pending task where a failing assertion expects none: `assert client.task is None`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import futures, objects
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import user_code
from loopcheck.source.values import meaning
from loopcheck.watch import tasks


@frozen
class AssertedTask:
    """A task that is still there, though the assertion expects none."""

    name: str  # "client._task"
    coroutine: str
    started_at: Place
    asked_at: Place


def find_asserted_task(live: Live) -> AssertedTask | None:
    """Return the pending task which the failing assertion expects to be gone.

    One that the test starts itself is left out: its own lines show who ends it.
    """
    link = live.links[0]
    step = link.user
    statement = step.source.simple if step is not None else None
    if step is None or statement is None or not objects.is_a(link.error, AssertionError):
        return None
    for asked in _expected_gone(statement):
        thing = meaning.of(asked, step.frame)
        kept = [thing, *(one for _, one in objects.steps(thing))]
        for task in filter(futures.is_task, kept if meaning.known(thing) else ()):
            site = tasks.users_line(task)
            if futures.done(task) or futures.cancelling(task) or site is None:
                continue
            _, file, line, function = site
            test = user_code.test(live.item)
            if test is not None and (file, function) == (test.co_filename, test.co_name):
                continue
            return AssertedTask(
                name=ast.unparse(asked),
                coroutine=await_chain.name_of(futures.coroutine(task)) or "a task",
                started_at=Place(live.labels.file(file), line, function),
                asked_at=step.place(live.labels),
            )
    return None


def _expected_gone(statement: ast.stmt) -> Iterator[ast.expr]:
    """Yield what *statement* asserts to be None, false or empty."""
    match statement:
        case ast.Assert(
            test=ast.Compare(left=asked, ops=[ast.Is() | ast.Eq()], comparators=[value])
        ):
            if _is_nothing(value):
                yield asked
        case ast.Assert(test=ast.UnaryOp(op=ast.Not(), operand=asked)):
            yield asked


def _is_nothing(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=None) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return True
        case ast.Call(func=ast.Name(id="set" | "list" | "dict"), args=[], keywords=[]):
            return True
    return False


def finding(seen: AssertedTask, code: str, slug: str) -> Finding:
    """Name the line that starts the task which is still there."""
    maker = seen.started_at.name or "the function around it"
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.coroutine, type="asyncio.Task"),
        where=seen.started_at,
        made_at=seen.started_at,
        used_at=seen.asked_at,
        what=f"`{seen.coroutine}`, which {seen.started_at} starts and `{seen.name}` keeps, is still"
        f" running at {seen.asked_at}.",
        why="The assertion expects no task there, and nothing has cancelled this one.",
        fix=f"Cancel and await the task of {seen.started_at}, also where an error or a cancellation"
        f" ends `{maker}` or its callers early. A `finally` or an `except BaseException` does so.",
    )
