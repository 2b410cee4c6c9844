"""What only LC215 asks: whose cancellation was it, the task's own or that of what it awaited?

A future that something else cancels gives its waiter a CancelledError, too. Nothing has cancelled
the waiting task, and code that handles failures (`except ConnectionError`) lets that error pass.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator, Sequence

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.modes.tasks.lc215_shared_cancel import evidence
from loopcheck.process import futures, objects
from loopcheck.process.errors import expected_errors
from loopcheck.process.failure import Step
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import calls, parsed_files, project_files, user_code
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import meaning


@frozen
class CancelledFuture:
    """A future that was cancelled, while nothing cancelled the task that awaits it."""

    awaited: str  # "self._reply"
    awaits_at: Place
    function: str  # that awaits it
    expects: str  # "ConnectionError", which its callers handle
    expected_at: Place
    task: str = ""  # the coroutine of the waiting task, if it is known
    cancelled_at: Place | None = None
    sure: bool = False


def find_cancelled_future(live: Live) -> CancelledFuture | None:
    """Return the future whose cancellation has ended a caller that expects another error."""
    link = live.links[0]
    if not objects.is_a(link.error, asyncio.CancelledError):
        return None
    users = link.users
    step, operand = next(
        ((one, each) for one in users[:1] for each in evidence.operands_of(one)), (None, None)
    )
    future = meaning.of(operand, step.frame) if step is not None else None
    if step is None or operand is None or not futures.is_future(future):
        return None
    if step.frame.f_code is user_code.test(live.item):
        return None  # it sees whose cancellation that is
    if futures.is_task(future) or futures.parts(future) or not futures.cancelled(future):
        return None
    waiting = [
        meaning.of(each, one.frame) for one in users[1:] for each in evidence.operands_of(one)
    ]
    tasks = [one for one in waiting if futures.is_task(one)]
    if any(map(futures.cancelling, (*tasks, *_running(users)))):
        return None
    expected = next(_expected(users), None)
    cancelled = list(_cancelled(users, operand, future, live))
    if expected is None or not (tasks or cancelled):
        return None
    kind, handler = expected
    code = step.frame.f_code
    return CancelledFuture(
        awaited=plain(ast.unparse(operand)),
        awaits_at=step.place(live.labels),
        function=await_chain.short(code.co_qualname),
        expects=kind,
        expected_at=handler.place(live.labels),
        task=await_chain.name_of(futures.coroutine(tasks[0])) if tasks else "",
        cancelled_at=cancelled[0] if len(cancelled) == 1 else None,
        sure=bool(tasks),
    )


def _running(users: Sequence[Step]) -> Iterator[object]:
    """Yield the tasks that run, or have run, one of the functions of *users*."""
    codes = [step.frame.f_code for step in users]
    for task in live_loops.every():
        root = await_chain.root_of(futures.coroutine(task)) if futures.is_task(task) else None
        if any(root is code for code in codes):
            yield task


def _expected(users: Sequence[Step]) -> Iterator[tuple[str, Step]]:
    """Yield the errors that the functions of *users* handle, those that a test expects first.

    None if one of them handles a CancelledError by its name.
    """
    found = [
        (one.how != "raises", name, kind, step)
        for step, caller in zip(users, (*users[1:], None), strict=True)
        for one in expected_errors.on_the_way(step, caller)
        if one.how in ("except", "raises")
        for name, kind in one.named
    ]
    if not any(kind is asyncio.CancelledError for _, _, kind, _ in found):
        for _, name, kind, step in sorted(found, key=lambda one: one[0]):
            if objects.is_a(kind, type) and Exception in objects.mro(kind):
                yield name, step


def _cancelled(
    users: Sequence[Step], operand: ast.expr, future: object, live: Live
) -> Iterator[Place]:
    """Yield the lines that cancel *future*: in these functions, else those that have its name."""
    found = [
        await_chain.place(step.frame.f_code, call.lineno, live.labels)
        for step in users
        for call in calls_in(parsed_files.function_of(step.frame.f_code))
        if isinstance(call.func, ast.Attribute) and call.func.attr == "cancel"
        if meaning.of(call.func.value, step.frame) is future
    ]
    yield from found
    name = calls.last(operand)
    for file in project_files.files() if not found else ():
        if f"{name}.cancel(" in parsed_files.text(file):
            for call in calls_in(parsed_files.tree(file)):
                match call.func:
                    case ast.Attribute(value=owner, attr="cancel") if calls.last(owner) == name:
                        yield Place(live.labels.file(file), call.lineno)


def finding(seen: CancelledFuture, code: str, slug: str) -> Finding:
    """Name the line that lets the future's cancellation pass for one of its task."""
    by = f" {seen.cancelled_at} cancels" if seen.cancelled_at else " something has cancelled"
    whose = f"the task `{seen.task}`" if seen.task else "the waiting task"
    end = f" at {seen.cancelled_at}" if seen.cancelled_at else ""
    return Finding(
        code=code,
        slug=slug,
        certainty="certain" if seen.sure else "likely",
        subject=Subject(name=seen.awaited, type="asyncio.Future"),
        where=seen.awaits_at,
        used_at=seen.expected_at,
        what=f"`{seen.function}` ends with CancelledError at {seen.awaits_at}, since{by} the future"
        f" `{seen.awaited}` and nothing cancels {whose}.",
        why=f"A CancelledError is no {seen.expects}, which {seen.expected_at} expects. It looks"
        " like a cancellation of the caller.",
        fix=f"At {seen.awaits_at}, catch CancelledError, and raise {seen.expects} if"
        " `asyncio.current_task().cancelling()` is 0. Or end the future with"
        f" `set_exception(…)` instead of `cancel()`{end}.",
    )
