"""A function that fails, and gives those who wait for the same work a result all the same.

One caller does the work, others await a future that it completes: in a `finally`, or in a handler
that raises its error again. They never see that error.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import CodeType, FrameType
from typing import NamedTuple

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import failure, futures, objects
from loopcheck.process.loops import live_loops
from loopcheck.process.pending import premature_asserts
from loopcheck.process.pending.premature_asserts import Asked
from loopcheck.process.waiting import await_chain
from loopcheck.process.waiting.missed_wakes import unguarded_releases
from loopcheck.records import Place, Subject
from loopcheck.source import calls, parsed_files
from loopcheck.source.assignments import assigned_values
from loopcheck.source.catching import handlers
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, mentioned, nodes_of, nodes_run_by
from loopcheck.source.statements import state_changes
from loopcheck.source.values import called_bodies, meaning, value_origins

DEEPEST = 3  # calls from the failing line to the function that awaits the future


@frozen
class FailedLeader:
    """A function that failed, and the line at which it gave its future a result."""

    type: str  # "ConnectionError"
    function: str  # "Cache._load"
    future: str  # "self._loading"
    raised_at: Place  # the line of the function that the error came from
    completed_at: Place
    awaited_at: Place
    expected_at: Place


class _Completion(NamedTuple):
    """Lives during a look only."""

    call: ast.Call
    future: ast.expr


def find_failed_leader(live: Live) -> FailedLeader | None:
    """Return the function that failed as the failing line expects, but only for its own caller."""
    asked = premature_asserts.did_not_raise(live.error) or premature_asserts.asked(live.error)
    if asked is None:
        return None
    kinds = _expected(asked)
    tasks = [one for one in live_loops.every() if futures.is_task(one) and futures.done(one)]
    kept = unguarded_releases.errors_of(tasks, [asked.frame]) if kinds else ()
    for error in (*kept, *(link.error for link in live.links[1:] if kinds)):
        if not any(kind in objects.mro(type(error)) for kind in kinds):
            continue
        for step in reversed(next(failure.chain(error)).users):
            code, line = step.frame.f_code, step.line
            function = parsed_files.function_of(code)
            done = _completed(function, line, error) if function is not None else None
            if function is None or done is None:
                continue
            waiter = _waiter(code.co_filename, function, done.future, _reached(asked))
            if waiter is not None:
                file = live.labels.file(code.co_filename)
                return FailedLeader(
                    type=objects.type_name(error).rpartition(".")[2],
                    function=await_chain.short(code.co_qualname),
                    future=ast.unparse(done.future),
                    raised_at=Place(file, line, function.name),
                    completed_at=Place(file, done.call.lineno, function.name),
                    awaited_at=Place(file, waiter[1], waiter[0].name),
                    expected_at=asked.place(live.labels),
                )
    return None


def _expected(asked: Asked) -> list[type]:
    """Return the classes of errors that the failing line names."""
    heads = value_origins.heads(asked.step)
    found = [meaning.of(one, asked.frame) for one in nodes_of((ast.Name, ast.Attribute), *heads)]
    return [one for one in found if objects.is_a(one, type) and Exception in objects.mro(one)]


def _completed(function: Def, line: int, error: BaseException) -> _Completion | None:
    """Return the call that gives a future a result after *error* left *line* of *function*."""
    names = {*objects.class_names(error)}
    for around in reversed([*handlers.path_to(function.body, line)]):
        if not isinstance(around, ast.Try | ast.TryStar):
            continue
        kinds = ((one, {*handlers.said(one.type)}) for one in around.handlers)
        taker = next((one for one, named in kinds if one.type is None or named & names), None)
        if taker is not None and not handlers.passes_on(taker):
            return None
        for steps in (taker.body if taker is not None else [], around.finalbody):
            given = [one for one in calls_in(*steps) if calls.last(one.func) == "set_exception"]
            done = [one for one in calls_in(*steps) if calls.last(one.func) == "set_result"]
            if given:
                return None
            for call in done:
                if isinstance(call.func, ast.Attribute) and not _tells(call, around):
                    return _Completion(call, call.func.value)
    return None


def _tells(call: ast.Call, around: ast.Try | ast.TryStar) -> bool:
    """Return whether the result may have the error: a handler of *around* sets what it names."""
    given = mentioned(*call.args)
    names = {one.name for one in around.handlers}
    changed = (
        calls.last(target)
        for node in nodes_run_by([step for one in around.handlers for step in one.body])
        for target, *_ in state_changes.changes_by(node)
    )
    return not given.isdisjoint({*names, *changed})


def _waiter(
    file: str, function: Def, future: ast.expr, reached: set[str]
) -> tuple[Def, int] | None:
    """Return the function of *file* that awaits *future* and is *reached*, and the line."""
    names = _names_of(function, future)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    for one in nodes_of(kinds, parsed_files.tree(file)):
        if one.name not in reached or names.isdisjoint(mentioned(one)):
            continue
        known = names | {
            node.id
            for node in nodes_of(ast.Name, one)
            if any(names & mentioned(value) for value in assigned_values(node.id, one))
        }
        for node in nodes_of(ast.Await, one):
            if known & mentioned(node):
                return one, node.lineno
    return None


def _names_of(function: Def, future: ast.expr) -> set[str]:
    """Return the attributes and globals that have *future* in *function*, and a local name's."""
    name = calls.last(future) or ""
    shared = nodes_of((ast.Global, ast.Nonlocal), function)
    local = isinstance(future, ast.Name) and not any(name in one.names for one in shared)
    found = set() if local else {name}
    for node in nodes_of(ast.Assign, function):
        ends = [calls.last(one) for one in (*node.targets, node.value)]
        if name in ends:
            found |= {_container(one) for one in node.targets if not isinstance(one, ast.Name)}
    for call in calls_in(function):
        adds = isinstance(call.func, ast.Attribute) and call.func.attr in state_changes.ADDS
        if isinstance(call.func, ast.Attribute) and adds and name in map(calls.last, call.args):
            found.add(_container(call.func.value))
    return found - {""}


def _container(node: ast.expr) -> str:
    while isinstance(node, ast.Subscript):
        node = node.value
    return calls.last(node) or ""


def _reached(asked: Asked) -> set[str]:
    """Return the names of the functions that the failing line runs, or that its tasks have run."""
    block = parsed_files.function_of(asked.frame.f_code)
    names = [one.id for one in nodes_of(ast.Name, asked.step)]
    given = (value for name in names for value in assigned_values(name, block))
    steps: Sequence[ast.AST] = [asked.step, *given]
    start = called_bodies.of_frame(asked.frame, steps)
    bodies = (one.code for one in called_bodies.reached(start, deepest=DEEPEST) if one.depth)
    found = {code.co_name for code in bodies if await_chain.owner(code) == "user"}
    for code in _of_tasks(steps, asked.frame):
        found |= {code.co_name, *code.co_names}  # a function of the test may only call it
    return found


def _of_tasks(steps: Sequence[ast.AST], frame: FrameType) -> Iterator[CodeType]:
    """Yield the code of the coroutines of the tasks that *steps* name."""
    for node in nodes_of((ast.Name, ast.Attribute), *steps):
        thing = meaning.of(node, frame)
        for one in (thing, *(value for _, value in objects.steps(thing))):
            if futures.is_task(one):
                code = getattr(futures.coroutine(one), "cr_code", None)
                if type(code) is CodeType:
                    yield code


def finding(seen: FailedLeader, code: str, slug: str) -> Finding:
    """Name the line that gives a future a plain result after an error."""
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.future, type="asyncio.Future"),
        where=seen.completed_at,
        made_at=seen.raised_at,
        used_at=seen.awaited_at,
        what=f"`{seen.function}` failed with {seen.type} at {seen.raised_at}, and on its way out"
        f" gave `{seen.future}` a result at {seen.completed_at}.",
        why=f"{seen.awaited_at} awaits that future, and gets the result in place of the error that"
        f" {seen.expected_at} expects.",
        fix=f"At {seen.completed_at}, set the result only if the work succeeded: move it to an"
        f" `else`. In an `except BaseException as error`, call `{seen.future}.set_exception(error)`"
        " and raise the error again.",
    )
