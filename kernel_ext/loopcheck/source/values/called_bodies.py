"""The bodies of the user functions that a piece of code calls, directly or further down."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import CodeType, FrameType, FunctionType, MethodType
from typing import NamedTuple

from loopcheck.source import parsed_files
from loopcheck.source.nodes import nodes_run_by
from loopcheck.source.values import callees, meaning, special_methods
from loopcheck.source.values.callees import Env

MOST = 50  # functions to look into for one question


class Body(NamedTuple):
    """Statements, and the values of the names in them. Lives during a look only."""

    steps: Sequence[ast.AST]
    env: Env
    code: CodeType  # of the function that has them
    depth: int = 0  # calls between the first one and this


def of_frame(frame: FrameType, steps: Sequence[ast.AST] | None = None) -> Body:
    """Return *steps* of the function of *frame*, or all that it has."""
    code = frame.f_code
    return Body(
        parsed_files.body_of(code) if steps is None else steps, meaning.names_of(frame), code
    )


def of_call(call: ast.Call, env: Env, depth: int = 0) -> Body | None:
    """Return the body of the user function that *call* runs."""
    inner = callees.inside(call, env)
    return Body(parsed_files.body_of(inner[1]), *inner, depth) if inner is not None else None


def reached(
    start: Body | None,
    *,
    deepest: int,
    calls: Callable[[Body], Iterable[ast.Call]] | None = None,
) -> Iterator[Body]:
    """Yield *start*, and the bodies that it leads to: the nearest first, each call once.

    They are those of its *calls*, if only some count. Else those of all calls, and of the methods
    that Python calls by itself: `__aiter__` of an `async for`.
    """
    todo = [start] if start is not None else []
    seen = set[ast.AST]()
    for body in todo:  # it grows
        yield body
        if body.depth >= deepest:
            continue
        for node in nodes_run_by(body.steps) if calls is None else calls(body):
            if node in seen:
                continue
            seen.add(node)
            below = [of_call(node, body.env, body.depth + 1)] if isinstance(node, ast.Call) else []
            for method in special_methods.called_by(node, body.env) if calls is None else ():
                below.append(of_method(method, body.depth + 1))
            todo += [one for one in below if one is not None][: MOST - len(todo)]


def of_method(method: MethodType, depth: int) -> Body | None:
    """Return the body of *method*, which knows its object."""
    function = method.__func__
    if type(function) is not FunctionType or not function.__code__.co_argcount:
        return None
    code = function.__code__
    env = meaning.in_call(function, {code.co_varnames[0]: method.__self__})
    return Body(parsed_files.body_of(code), env, code, depth)
