"""What only LC207 asks: whose cancellation did code turn into an error of its own?

A timeout cancels its task, and makes a TimeoutError of the CancelledError that follows. It notes
that it has cancelled. But that doesn't say that nobody else has: both can come in one turn.
"""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Iterator
from typing import NamedTuple

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import futures, objects
from loopcheck.process.errors import expected_errors
from loopcheck.process.failure import Link, Step
from loopcheck.process.frames import first_argument
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import parsed_files
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import mentioned, nodes_of, own_nodes
from loopcheck.source.statements import state_changes

# What says whether somebody else has cancelled the task, too.
ASKS = frozenset({"cancelling", "uncancel", "cancelled", "_fut_waiter", "_must_cancel"})


@frozen
class TurnedCancel:
    """A CancelledError that became another error, since the code had cancelled the task itself."""

    type: str  # "TimeoutError"
    task: str  # its coroutine: "fetch"
    raised_at: Place
    raised_in: str  # "Limit.__aexit__"
    cancelled_at: Place
    cancelled_in: str  # "Limit._expire"
    written: str  # the task, as that line has it: "self._task"
    requests: int  # how often the task was cancelled


class _Cancel(NamedTuple):
    """Lives during a look only."""

    file: str
    function: Def
    kind: str | None
    call: ast.Call


def find_turned_cancel(live: Live) -> TurnedCancel | None:
    """Return the raise in place of a CancelledError that somebody else has asked for, too.

    Only if the test expects a CancelledError: else the other error may be as good.
    """
    for link in live.links:
        step = link.trace[-1] if link.trace else None
        if step is None or step.owner != "user" or not is_turned(link):
            continue
        task = task_of(link)
        if task is None or futures.cancelling(task) < 2 or not is_expected(link, live):
            continue
        block = parsed_files.function_of(step.frame.f_code)
        found = {id(one.function): one for one in _cancels(step, block)}
        blocks = [block, *(one.function for one in found.values())]
        if len(found) == 1 and ASKS.isdisjoint(mentioned(*blocks)):
            return _read(next(iter(found.values())), link, step, task, live)
    return None


def is_turned(link: Link) -> bool:
    """Return whether *link* has exactly one CancelledError behind it, and is none itself."""
    behind = list(_behind(link.error))
    cancels = [one for one in behind if objects.is_a(one, asyncio.CancelledError)]
    return len(cancels) == 1 and not objects.is_a(link.error, asyncio.CancelledError)


def _behind(error: BaseException) -> Iterator[BaseException]:
    todo, seen = list(objects.behind(error)), set[int]()
    while todo:
        now = todo.pop()
        if id(now) not in seen:
            seen.add(id(now))
            yield now
            todo += objects.behind(now)


def task_of(link: Link) -> object | None:
    """Return the innermost task that ended with the error of *link*."""
    ended = {
        root: one
        for one in live_loops.every()
        if futures.is_task(one) and getattr(one, "_exception", None) is link.error
        if (root := await_chain.root_of(futures.coroutine(one)))
    }
    ran = (ended.get(step.frame.f_code) for step in reversed(link.trace))
    return next((one for one in ran if one is not None), None)


def is_expected(link: Link, live: Live) -> bool:
    """Return whether the test expects a CancelledError, or asserts one among its results."""
    asserting = live.links[0].user if live.links[0] is not link else None
    if asserting is not None:
        return not {"cancelled", "CancelledError"}.isdisjoint(mentioned(asserting.source.simple))
    return any(
        kind is asyncio.CancelledError
        for step in link.trace[:-1]
        for one in expected_errors.on_the_way(step, None)
        for _, kind in one.named
    )


def _cancels(step: Step, block: Def | None) -> Iterator[_Cancel]:
    """Yield the functions that cancel something, and note it in what an `if` of *block* reads.

    *step* is where that raises. What sets the note back, such as its own first lines, is left out.
    """
    flags = mentioned(*(one.test for one in nodes_of(ast.If, block)))
    of = first_argument(step.frame)
    kinds = objects.class_names(of)
    for flag in flags - {"self"}:
        for change in state_changes.of(flag):
            if change.given is None or change.function is block or _is_false(change.given):
                continue
            if change.own and change.kind not in kinds:
                continue
            for node in own_nodes(change.function):
                match node:
                    case ast.Call(func=ast.Attribute(attr="cancel")):
                        yield _Cancel(change.file, change.function, change.kind, node)


def _is_false(given: ast.expr) -> bool:
    return isinstance(given, ast.Constant) and not given.value


def _read(one: _Cancel, link: Link, step: Step, task: object, live: Live) -> TurnedCancel:
    func = one.call.func
    code = step.frame.f_code
    owner = f"{one.kind}." if one.kind is not None else ""
    return TurnedCancel(
        type=objects.type_name(link.error).rpartition(".")[2],
        task=await_chain.name_of(futures.coroutine(task)),
        raised_at=step.place(live.labels),
        raised_in=await_chain.short(code.co_qualname),
        cancelled_at=Place(live.labels.file(one.file), one.call.lineno, one.function.name),
        cancelled_in=f"{owner}{one.function.name}",
        written=ast.unparse(func.value) if isinstance(func, ast.Attribute) else "task",
        requests=futures.cancelling(task),
    )


def finding(seen: TurnedCancel, code: str, slug: str) -> Finding:
    """Name the line that cancels a task without a look whether somebody else has done so."""
    of = f" of `{seen.task}`" if seen.task != seen.raised_in else ""
    often = "twice" if seen.requests == 2 else f"{seen.requests} times"
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.task, type="asyncio.Task"),
        where=seen.cancelled_at,
        used_at=seen.raised_at,
        what=f"`{seen.raised_in}` turns the CancelledError{of} into {seen.type} at"
        f" {seen.raised_at}, although not only `{seen.cancelled_in}` has cancelled the task.",
        why=f"The task was cancelled {often}. {seen.cancelled_at} notes its own `cancel()`, and the"
        " other cancellation is lost.",
        fix=f"Let `{seen.cancelled_in}` at {seen.cancelled_at} do nothing if"
        f" `{seen.written}.cancelling()` is not 0. If the other cancellation may come later, raise"
        f" {seen.type} at {seen.raised_at} only if the task's `uncancel()` returns 0.",
    )
