"""What a task does in the next iteration of the loop that it sleeps in. None of it runs."""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Iterable, Iterator
from types import FrameType

from loopcheck.process.frames import line_at
from loopcheck.source import parsed_files
from loopcheck.source.nodes import nodes_of, own_nodes, spans_line
from loopcheck.source.values import assertions, meaning
from loopcheck.source.values.callees import Env

_ENDS = (ast.Continue, ast.Break, ast.Return, ast.Raise)
_UNKNOWN = object()  # only running user code would show it


def steps(frame: FrameType) -> list[ast.AST]:
    """Return the body of the `while` around the line of *frame*, from its head on.

    It leaves out what would be skipped in the present state: `while items:`, if there are none.
    """
    around = [one for one in loops_around(frame) if isinstance(one, ast.While)]
    given = dict[str, object]()  # assigned in this iteration
    env: Env = ChainMap(given, meaning.names_of(frame))  # type: ignore[arg-type]
    return list(_run(around[-1].body, given, env)) if around else []


def loops_around(frame: FrameType) -> Iterator[ast.While | ast.AsyncFor]:
    """Yield the possibly endless loops around the line of *frame*."""
    block = parsed_files.function_of(frame.f_code)
    line = line_at(frame)
    endless = nodes_of((ast.While, ast.AsyncFor), block)
    yield from (loop for loop in endless if spans_line(loop, line))


def endless(frame: FrameType, *, new: bool = False) -> list[ast.While | ast.AsyncFor]:
    """Return the loops around the line of *frame* that may never end.

    *new*: *frame* has not begun, so that all loops of its function are still to come.
    """
    block = parsed_files.function_of(frame.f_code)
    own = own_nodes(block) if new and block is not None else loops_around(frame)
    loops = (one for one in own if isinstance(one, ast.While | ast.AsyncFor))
    return [one for one in loops if may_never_end(one)]


def may_never_end(loop: ast.While | ast.AsyncFor) -> bool:
    """Return whether only something outside ends *loop*: a flag, a sentinel, a cancellation.

    A `while` that works on what it checks ends by itself: `while items: items.pop()`.
    """
    return isinstance(loop, ast.AsyncFor) or not _works_on_check(loop)


def joined_queue(loop: ast.While | ast.AsyncFor) -> str | None:
    """Return the queue that *loop* takes from, if its `task_done()` comes when the work is over."""
    called = (one.func for one in nodes_of(ast.Call, loop))
    methods = [one for one in called if isinstance(one, ast.Attribute)]
    lines = {(one.attr, ast.unparse(one.value)): one.lineno for one in methods}
    last_wait = max((one.lineno for one in nodes_of(ast.Await, *loop.body)), default=0)
    for (name, queue), line in lines.items():
        if name == "task_done" and ("get", queue) in lines:
            return queue if last_wait <= line else None
    return None


def _works_on_check(loop: ast.While) -> bool:
    """Return whether the body of *loop* mentions what its condition reads."""
    roots = {ast.unparse(one.value) for one in nodes_of(ast.Attribute, loop.test)}
    read = {ast.unparse(one) for one in nodes_of((ast.Name, ast.Attribute), loop.test)}
    read -= {one for one in roots if one.isidentifier()}
    used = nodes_of((ast.Name, ast.Attribute), *loop.body)
    return any(ast.unparse(one) in read for one in used)


def _run(body: Iterable[ast.stmt], given: dict[str, object], env: Env) -> Iterator[ast.AST]:
    """Yield the statements that are not skipped, up to the one that ends the iteration."""
    for step in body:
        match step:
            case ast.If(test=test) if (holding := assertions.told(test, env)) is not None:
                chosen = step.body if holding else step.orelse
                yield from _run(chosen, given, env)
                if chosen and isinstance(chosen[-1], _ENDS):
                    return
            case ast.While(test=test) if assertions.told(test, env) is False:
                continue
            case ast.For(iter=rows) | ast.AsyncFor(iter=rows) if (
                assertions.told(rows, env) is False
            ):
                continue
            case ast.With(body=inner) | ast.AsyncWith(body=inner) | ast.Try(body=inner):
                yield from _run(inner, given, env)
            case _:
                yield step
                _give(step, given, env)


def _give(step: ast.stmt, given: dict[str, object], env: Env) -> None:
    """Record the values that *step* assigns to names, as far as they are known."""
    for node in nodes_of(ast.Name, step):
        if isinstance(node.ctx, ast.Store):
            given[node.id] = _UNKNOWN
    match step:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            given[name] = assertions.plain(value, env, _UNKNOWN)
