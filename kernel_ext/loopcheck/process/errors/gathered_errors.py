"""Errors that `gather` raised for one coroutine, and what ran beside that one."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from itertools import chain
from types import CodeType, FrameType, TracebackType

from loopcheck.light import dataclass
from loopcheck.process import objects, parameters
from loopcheck.process.frames import module_of
from loopcheck.source import calls, lines, project_files
from loopcheck.source.bindings import Function
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

RAISED = "_pytest._code.code.ExceptionInfo"  # what `raises` returns
NODES, STEPS = 500, 6  # objects to look at for errors, and the way to one from a name


@dataclass(frozen=True, eq=False)
class Raised:
    """A call of `gather` that raised the error of one coroutine. Lives only during a look."""

    gather: ast.Call
    code: CodeType  # of the function that calls it
    waited: tuple[CodeType, ...]  # of those that waited for it: the error came through them
    below: tuple[FrameType, ...]  # of the coroutine that raised, and of those it was raised from


def raised_by_gather(frame: FrameType) -> Iterator[Raised]:
    """Yield the calls of `gather` that raised an error which a name of *frame* leads to."""
    left = NODES
    for value in list(frame.f_locals.values()):
        if objects.type_name(value) == RAISED:
            value = objects.peek(value, "_excinfo")
        for path, thing, _ in objects.walk(value):
            left -= 1
            if len(path) > STEPS or left < 0:
                break
            if objects.is_a(thing, Exception):
                yield from _through_gather(thing)


def _through_gather(error: Exception) -> Iterator[Raised]:
    """Yield the `gather` of user code in the traceback of *error*, and what raised below it."""
    trace, waited = objects.trace_of(error), list[CodeType]()
    while trace is not None:
        here, trace = trace, trace.tb_next
        code, line = here.tb_frame.f_code, lines.of_trace(here)
        waited.append(code)
        if trace is None or project_files.owner(code.co_filename) != "user":
            continue
        waits = any(isinstance(node, ast.Await) for node in line.nodes())
        for call in line.nodes() if waits else ():
            if isinstance(call, ast.Call) and _raises_first_error(call):
                traces = [trace, *map(objects.trace_of, objects.behind(error))]
                below = tuple(chain.from_iterable(map(_coroutines_of, traces)))
                if below:
                    yield Raised(call, code, tuple(waited), below)


def _coroutines_of(trace: TracebackType | None) -> Iterator[FrameType]:
    """Yield the coroutines in *trace*, without those of asyncio: a `wait_for` around the call."""
    while trace is not None:
        frame, trace = trace.tb_frame, trace.tb_next
        if not module_of(frame).startswith("asyncio."):
            if not frame.f_code.co_flags & inspect.CO_COROUTINE:
                return
            yield frame


def _raises_first_error(call: ast.Call) -> bool:
    named = {one.arg for one in call.keywords}
    return calls.last(call.func) == "gather" and "return_exceptions" not in named


def _coroutines_named_in(function: Function, env: Env) -> Iterator[tuple[ast.expr, CodeType]]:
    """Yield each name and attribute in *function* that stands for a coroutine function."""
    known = set[str]()
    for node in nodes_of((ast.Name, ast.Attribute), function):
        if isinstance(node.ctx, ast.Load):
            target = callees.function(node, env) if ast.unparse(node) not in known else None
            known.add(ast.unparse(node))
            if target is not None and target.__code__.co_flags & inspect.CO_COROUTINE:
                yield node, target.__code__


def ran_beside(
    raised: Raised, function: Function, frame: FrameType
) -> Iterator[tuple[ast.expr, FrameType, CodeType]]:
    """Yield what ran in one `gather` with the coroutine that failed, the frame that has its name.

    Then comes the failed one. *function* is the test, at *frame*.
    """
    codes = [one.f_code for one in raised.below]
    rows: list[ast.AST] = [*nodes_of((ast.List, ast.Tuple), function), *calls_in(function)]
    rows += nodes_of((ast.Set, ast.Dict), function)
    for node, own in _coroutines_named_in(function, meaning.names_of(frame)):
        if any(own is code for code in raised.waited):
            continue
        beside = [row for row in rows if _names(row, ast.unparse(node))]
        for code in codes:
            if any(_names(row, code.co_name) for row in beside):
                yield node, frame, code
    if any(isinstance(one, ast.Starred) for one in raised.gather.args):
        for below in raised.below:  # the same function, with other arguments
            yield _name_of_own(below.f_code), below, below.f_code


def _name_of_own(code: CodeType) -> ast.expr:
    """Return the expression that stands for its function in a frame of *code*: `self.fetch`."""
    own = parameters.first(code)
    if own is None or "." not in code.co_qualname.rpartition("<locals>.")[2]:
        return ast.Name(code.co_name, ast.Load())
    return ast.Attribute(ast.Name(own, ast.Load()), code.co_name, ast.Load())


def _names(row: ast.AST, name: str) -> bool:
    """Return whether an expression in *row* is *name*, or ends with it: `orders.save`."""
    parts = nodes_of((ast.Name, ast.Attribute), row)
    return any(ast.unparse(one) == name or calls.last(one) == name for one in parts)
