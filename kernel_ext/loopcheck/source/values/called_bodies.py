"""The bodies of the user functions that a piece of code calls, directly or further down."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import CodeType, FrameType
from typing import NamedTuple

from loopcheck.source import parsed_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import callees, meaning
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
    calls: Callable[[Body], Iterable[ast.Call]] = lambda body: calls_in(*body.steps),
) -> Iterator[Body]:
    """Yield *start*, and the bodies that its *calls* lead to: the nearest first, each call once."""
    todo = [start] if start is not None else []
    seen = set[ast.Call]()
    for body in todo:  # it grows
        yield body
        for call in calls(body) if body.depth < deepest else ():
            below = of_call(call, body.env, body.depth + 1) if call not in seen else None
            seen.add(call)
            if below is not None and len(todo) < MOST:
                todo.append(below)
