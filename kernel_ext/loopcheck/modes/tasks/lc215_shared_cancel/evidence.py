"""What only LC215 asks: which caller's end cancelled what the failing line awaits."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from types import CodeType
from typing import Any, Literal

from loopcheck.case.live import Live
from loopcheck.labels import Labels, plain
from loopcheck.light import frozen, replace
from loopcheck.process import futures, objects
from loopcheck.process.failure import Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.nodes import mentioned, nodes_of
from loopcheck.source.values import meaning
from loopcheck.watch import tasks
from loopcheck.watch.limits import timeouts

Lines = Sequence[tuple[CodeType, int]]
MOST = 20  # results of one `gather`
NAMES = 2  # assignments between two names of one future: `self.sweep = future`, `now = self.sweep`


@frozen
class SharedCancel:
    """A task or future that ended with one of those who awaited it."""

    awaited: str  # as the line writes it: "self.task"
    kind: Literal["task", "future"]
    awaits_at: Place
    by: Literal["limit", "cancel"]
    ended_at: Place  # where that caller waited; if it was a task: where it was started
    caller: str = ""  # that task's function
    also_at: Place | None = None  # where the failing line awaits it, if that is another one
    sure: bool = False  # the very object was seen when the limit ran out
    completed_at: Place | None = None  # the line whose result a cancelled future does not take


def find_shared_cancel(live: Live) -> SharedCancel | None:
    """Return what was cancelled together with another caller."""
    link = live.links[0]
    if objects.is_a(link.error, asyncio.CancelledError):
        awaited = _awaited(link.users, live.labels)
        if awaited is not None:
            return awaited
    if objects.is_a(link.error, asyncio.InvalidStateError) and link.user is not None:
        return _completed(link.user, live.labels)
    if any(_is_cancellation(value) for step in link.users for value in _asserted(step)):
        return _gathered(live.labels)
    return None


# A line awaits what is already cancelled


def _awaited(users: Sequence[Step], labels: Labels) -> SharedCancel | None:
    """Return what the innermost of *users* awaits, if another caller's end cancelled it."""
    waits = [(step, operand) for step in users for operand in operands_of(step)]
    for number, (step, operand) in enumerate(waits):
        future = meaning.of(operand, step.frame)
        if not futures.is_future(future) or not futures.cancelled(future):
            continue
        callers = [meaning.of(above, other.frame) for other, above in waits[number + 1 :]]
        if any(futures.is_task(one) and futures.cancelling(one) for one in callers):
            return None  # that caller itself was cancelled
        at = step.place(labels)
        shared = SharedCancel(
            awaited=plain(ast.unparse(operand)),
            kind="task" if futures.is_task(future) else "future",
            awaits_at=at,
            by="limit",
            ended_at=at,
        )
        found = _with_limit(shared, future, labels)
        return found or _with_caller(shared, future, step, callers, labels)
    return None


def operands_of(step: Step) -> Iterator[ast.expr]:
    """Yield what the failing `await` of *step* awaits, also through a `wait_for`."""
    code = step.frame.f_code
    nodes = parsed_files.covering(code.co_filename, step.line, step.span)
    waits = [one.value for one in nodes if isinstance(one, ast.Await)]
    yield from map(_awaited_in, waits[-1:])


def _awaited_in(value: ast.expr) -> ast.expr:
    match value:
        case ast.Call(func=func, args=[first, *_]) if calls.last(func) == "wait_for":
            return first
    return value


def _with_limit(shared: SharedCancel, future: object, labels: Labels) -> SharedCancel | None:
    """Return *shared* with the wait for *future* that a time limit ended."""
    for one in timeouts.ended_in_this_test():
        if not any(ref() is future for ref in one.futures):
            continue
        lines = _above(future, one.lines())
        if not lines:
            return None
        found = replace(shared, ended_at=await_chain.place(*lines[0], labels), sure=True)
        waited = await_chain.place(*lines[-1], labels)
        operand = next(_awaited_at(*lines[-1]), None)
        if operand is None or waited == shared.awaits_at:
            return found
        awaited = plain(ast.unparse(operand))
        return replace(found, awaited=awaited, awaits_at=waited, also_at=shared.awaits_at)
    return None


def _above(future: object, lines: Lines) -> Lines:
    """Return the user's lines that waited for *future*: below them are those of its own code."""
    own = await_chain.root_of(futures.coroutine(future)) if futures.is_task(future) else None
    outside = takewhile(lambda at: at[0] is not own, lines)
    return _of_users(outside)


def _with_caller(
    shared: SharedCancel, future: Any, step: Step, callers: Sequence[object], labels: Labels
) -> SharedCancel | None:
    """Return *shared* with the cancelled task that ran the function of *step*, too."""
    loop, code = futures.loop(future), step.frame.f_code
    if _is_cancelled_by_name(step):
        return None
    for task in tasks.known():
        if task is future or any(task is one for one in callers) or futures.loop(task) is not loop:
            continue
        root = await_chain.root_of(futures.coroutine(task))
        was_cancelled = futures.cancelled(task) and futures.cancelling(task)
        if not was_cancelled or not isinstance(root, CodeType):
            continue
        made = tasks.users_line(task)
        if made is not None and (root is code or code.co_name in root.co_names):
            place = Place(labels.file(made[1]), made[2], made[3])
            caller = await_chain.short(root.co_qualname)
            return replace(shared, by="cancel", ended_at=place, caller=caller)
    return None


def _of_users(lines: Iterable[tuple[CodeType, int]]) -> Lines:
    return [at for at in lines if _users(at[0].co_filename)]


def _users(file: str) -> bool:
    return project_files.owner(file) == "user"


def _is_cancelled_by_name(step: Step) -> bool:
    """Return whether a line of the project cancels what *step* awaits under the same name."""
    return _is_cancelled_in({calls.last(one) or "self" for one in operands_of(step)})


# A line gives a result to what is already cancelled


def _completed(step: Step, labels: Labels) -> SharedCancel | None:
    """Return the future that *step* can't complete, since a limit ended who awaited it."""
    node = step.source.call
    func = node.func if isinstance(node, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr != "set_result":
        return None
    future, named = meaning.of(func.value, step.frame), mentioned(func.value) - {"self"}
    if futures.is_future(future) and not futures.cancelled(future):
        return None  # it has a result already
    for one in timeouts.ended_in_this_test():
        if not one.futures or not _may_be(one.futures[-1](), future):
            continue
        lines = _of_users(one.lines())
        for operand in _awaited_at(*lines[-1]) if lines else ():
            if mentioned(operand) & named:
                return SharedCancel(
                    awaited=plain(ast.unparse(operand)),
                    kind="future",
                    awaits_at=await_chain.place(*lines[-1], labels),
                    by="limit",
                    ended_at=await_chain.place(*lines[0], labels),
                    completed_at=step.place(labels),
                )
    return _cancelled_waiter(future, named, step, labels) if futures.is_future(future) else None


def _cancelled_waiter(
    future: Any, named: set[str], step: Step, labels: Labels
) -> SharedCancel | None:
    """Return the line at which a cancelled task waited for *future*, in the function of *step*.

    There the future has another name: the attribute that keeps it, or a name for that.
    """
    code = step.frame.f_code
    block = parsed_files.function_of(code)
    for _ in range(NAMES):
        for one in nodes_of(ast.Assign, block):
            both = mentioned(*one.targets, one.value) - {"self"}
            if not isinstance(one.value, ast.Call) and not named.isdisjoint(both):
                named = named | both
    operands = [
        (operand, one.lineno)
        for one in nodes_of(ast.Await, block)
        if not isinstance(operand := _awaited_in(one.value), ast.Call)
        if mentioned(operand) & named
    ]
    if len(operands) != 1 or _is_cancelled_in(named):
        return None
    [(operand, line)] = operands
    for task in tasks.known():
        root = await_chain.root_of(futures.coroutine(task))
        made = tasks.users_line(task)
        if futures.loop(task) is not futures.loop(future) or not isinstance(root, CodeType):
            continue
        if made is None or not (futures.cancelled(task) and futures.cancelling(task)):
            continue
        if root is code or code.co_name in root.co_names:
            return SharedCancel(
                awaited=plain(ast.unparse(operand)),
                kind="future",
                awaits_at=await_chain.place(code, line, labels),
                by="cancel",
                ended_at=Place(labels.file(made[1]), made[2], made[3]),
                caller=await_chain.short(root.co_qualname),
                completed_at=step.place(labels),
            )
    return None


def _is_cancelled_in(names: set[str]) -> bool:
    """Return whether a line of the project cancels what has one of *names*."""
    return any(
        f"{name}.cancel(" in parsed_files.text(file)
        for file in project_files.files()
        for name in names - {"self"}
    )


def _may_be(ended: object, future: object) -> bool:
    """Return whether the *ended* future, None if it is gone, may be *future*, if that is known."""
    if futures.is_future(future):
        return ended is future
    return ended is None or (not futures.is_task(ended) and futures.cancelled(ended))


def _awaited_at(code: CodeType, line: int) -> Iterator[ast.expr]:
    """Yield the objects that a line awaits under their names: a call may give another one."""
    nodes = parsed_files.standing_at(code.co_filename, line)
    found = (_awaited_in(one.value) for one in nodes if isinstance(one, ast.Await))
    yield from (one for one in found if not isinstance(one, ast.Call))


# The test keeps the error, or a task that ended with it: neither says where it was raised


def _asserted(step: Step) -> Iterator[object]:
    """Yield the values of the names in the failing line, and those in their lists."""
    for name in parsed_files.names_at(step.frame.f_code.co_filename, step.line):
        value = meaning.named(name, step.frame)
        yield value
        yield from value[:MOST] if type(value) is list or type(value) is tuple else ()


def _is_cancellation(value: object) -> bool:
    """Return whether *value* is that error, or a task that got it from what it awaited."""
    if futures.is_task(value):
        return futures.cancelled(value) and not futures.cancelling(value)
    return objects.is_a(value, asyncio.CancelledError)


def _gathered(labels: Labels) -> SharedCancel | None:
    """Return the first kept object on the way of a cancellation: all below ended with it."""
    for one in timeouts.ended_in_this_test():
        lines = _of_users(one.lines())
        for code, line in lines:
            for operand in _awaited_at(code, line):
                if _is_kept(operand, code):
                    return SharedCancel(
                        awaited=plain(ast.unparse(operand)),
                        kind="task",
                        awaits_at=await_chain.place(code, line, labels),
                        by="limit",
                        ended_at=await_chain.place(*lines[0], labels),
                    )
    return None


def _is_kept(operand: ast.expr, code: CodeType) -> bool:
    """Return whether *operand* is an attribute or an entry, or a name that *code* stores as one."""
    if not isinstance(operand, ast.Name):
        return isinstance(operand, ast.Attribute | ast.Subscript)
    block = parsed_files.function_of(code)
    for step in nodes_of(ast.Assign, block):
        kept = any(isinstance(one, ast.Attribute | ast.Subscript) for one in step.targets)
        names = mentioned(*step.targets) | mentioned(step.value)
        if kept and operand.id in names:
            return True
    return False
