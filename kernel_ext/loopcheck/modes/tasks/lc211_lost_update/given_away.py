"""An item, or a turn, that a waiting task got and lost: it was cancelled before it ran again.

The result of a future wakes a task in the next turn of the loop. A cancellation that comes first
ends the wait as well, and nobody reads the result.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import futures, objects
from loopcheck.process.failure import Step
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place, Subject
from loopcheck.source import calls, parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, has_node, mentioned, nodes_of
from loopcheck.source.statements import executed_statements, state_changes
from loopcheck.source.values import called_bodies, meaning

DEEPEST = 4  # calls between the line that gives and the one that sets the result
PLAIN = ("Future", "create_future")  # another class may take care of it
GUARDS = (ast.Try, ast.With, ast.AsyncWith)


@frozen
class GivenAway:
    """A result that a cancelled task was given, and that its waiting method does not give back."""

    name: str  # "queue"
    type: str
    gave: str  # "queue.put_nowait"
    gave_at: Place
    cancelled_at: Place
    task: str  # its coroutine: "consume"
    waits_in: str  # "Queue.get"
    future: str
    made_at: Place
    asked_at: Place


class _Wait(NamedTuple):
    """A method that puts a future into a container of its object. Lives during a look only."""

    file: str
    function: Def
    kind: str
    future: str
    line: int
    container: str


class _Given(NamedTuple):
    """Two calls of one turn of the loop: the one may wake a task, the other cancels it."""

    call: ast.Call
    owner: object
    cancel: ast.Call
    task: object


def find_given_away(live: Live) -> GivenAway | None:
    """Return what the failing line misses, if a cancelled task had been given it."""
    link = live.links[0]
    for step in link.users:
        for given in _given(step):
            if not _is_about(step, given.owner):
                continue
            for wait in _waits(given.owner):
                if _is_alone(given.task, wait, step) and _wakes(given, wait, step):
                    return _read(given, wait, step, live)
    return None


def _given(step: Step) -> Iterator[_Given]:
    """Yield the calls that may have woken a task before a later call cancelled it."""
    called: list[tuple[ast.Call, object]] = []
    block = parsed_files.function_of(step.frame.f_code)
    for ran in executed_statements.before(block.body if block is not None else [], step.line):
        if has_node((ast.Await, ast.AsyncWith, ast.AsyncFor), ran):
            called.clear()  # the loop has gone on since
            continue
        for call in executed_statements.calls_of(ran):
            if not isinstance(call.func, ast.Attribute):
                continue
            thing = meaning.of(call.func.value, step.frame)
            if call.func.attr != "cancel":
                called.append((call, thing))
            elif futures.is_task(thing) and futures.cancelled(thing):
                yield from (_Given(before, owner, call, thing) for before, owner in called)


def _is_about(step: Step, owner: object) -> bool:
    nodes = nodes_of((ast.Name, ast.Attribute), step.source.simple)
    return any(meaning.of(one, step.frame) is owner for one in nodes)


def _waits(owner: object) -> Iterator[_Wait]:
    """Yield the methods of *owner* that wait for a plain future, and do not guard that."""
    kinds = objects.class_names(owner)
    for file, function in state_changes.functions_mentioning("uture"):
        around = parsed_files.class_of(file, function)
        if around is None or around.name not in kinds:
            continue
        made = {
            target.id: one.line
            for one in assignments_in(function)
            for target in one.parts()
            if isinstance(target, ast.Name) and isinstance(one.value, ast.Call)
            if calls.last(one.value.func) in PLAIN
        }
        for call in calls_in(function):
            match call.func:
                case ast.Attribute(value=container, attr=method) if method in state_changes.ADDS:
                    for name in mentioned(*call.args) & made.keys():
                        if not _is_guarded(function, name):
                            held = calls.last(container) or ""
                            line = made[name]
                            yield _Wait(file, function, around.name, name, line, held)


def _is_guarded(function: Def, future: str) -> bool:
    """Return whether *function* may deal with a *future* whose wait has been cancelled."""
    awaits = [one for one in nodes_of(ast.Await, function) if future in mentioned(one)]
    blocks = nodes_of(GUARDS, function)
    return "add_done_callback" in mentioned(function) or any(
        one.lineno < wait.lineno <= (one.end_lineno or one.lineno)
        for one in blocks
        for wait in awaits
    )


def _is_alone(task: object, wait: _Wait, step: Step) -> bool:
    """Return whether *task* waited in the method of *wait*, and no other but that of *step* did."""
    own = step.frame.f_code
    tasks = (one for one in live_loops.every() if futures.is_task(one))
    others = (one for one in tasks if await_chain.root_of(futures.coroutine(one)) is not own)
    return [one for one in others if _ran(one, wait)] == [task]


def _ran(task: object, wait: _Wait) -> bool:
    """Return whether *task* waited in the method of *wait*, with no handler of its own around."""
    code = getattr(futures.coroutine(task), "cr_code", None)
    block = parsed_files.function_of(code) if code is not None else None
    if block is None or block is wait.function:
        return block is not None
    called = [one for one in nodes_of(ast.Await, block) if _calls(one, wait.function.name)]
    return bool(called) and not has_node(GUARDS, block)


def _calls(one: ast.Await, name: str) -> bool:
    return isinstance(one.value, ast.Call) and calls.last(one.value.func) == name


def _wakes(given: _Given, wait: _Wait, step: Step) -> bool:
    """Return whether the call leads to the container of the futures, and to a `set_result`."""
    start = called_bodies.of_call(given.call, meaning.names_of(step.frame))
    steps = [one for body in called_bodies.reached(start, deepest=DEEPEST) for one in body.steps]
    names = mentioned(*steps)
    return wait.container in names and any("set_result" in name for name in names)


def _read(given: _Given, wait: _Wait, step: Step, live: Live) -> GivenAway:
    code = step.frame.f_code
    func = given.call.func
    owner = func.value if isinstance(func, ast.Attribute) else func
    return GivenAway(
        name=plain(ast.unparse(owner)),
        type=objects.type_name(given.owner),
        gave=plain(ast.unparse(func)),
        gave_at=await_chain.place(code, given.call.lineno, live.labels),
        cancelled_at=await_chain.place(code, given.cancel.lineno, live.labels),
        task=await_chain.name_of(futures.coroutine(given.task)),
        waits_in=f"{wait.kind}.{wait.function.name}",
        future=wait.future,
        made_at=Place(live.labels.file(wait.file), wait.line, wait.function.name),
        asked_at=step.place(live.labels),
    )


def finding(seen: GivenAway, code: str, slug: str) -> Finding:
    """Name the method whose future takes what its cancelled waiter never reads."""
    future = seen.future
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.name, type=seen.type),
        where=seen.made_at,
        made_at=seen.gave_at,
        used_at=seen.asked_at,
        what=f"`{seen.gave}` at {seen.gave_at} wakes `{seen.task}`, and {seen.cancelled_at} cancels"
        " that before it runs again, so what it was given is lost.",
        why=f"The future of {seen.made_at} has its result by then, and the cancellation ends the"
        f" wait all the same. `{seen.waits_in}` has no handler that gives the result back.",
        fix=f"Let `{seen.waits_in}` await the `{future}` of {seen.made_at} in a `try`. In its"
        f" `except asyncio.CancelledError`, pass on what `{future}` has if `{future}.done() and not"
        f" {future}.cancelled()`, and end with `raise`.",
    )
