"""What a task does as it goes round the loop that it sleeps in. Nothing of it is run."""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Iterable, Iterator
from types import FrameType

from loopcheck.source import parsed_files
from loopcheck.source.values import assertions, meaning
from loopcheck.source.values.callees import Env

_ENDS = (ast.Continue, ast.Break, ast.Return, ast.Raise)
_UNKNOWN = object()  # only the user's code could tell


def steps(frame: FrameType) -> list[ast.AST]:
    """Return the body of the `while` that the line of *frame* stands in, from its head on.

    What is skipped as things stand is left out: `while items:`, if there is none.
    """
    around = [one for one in loops_around(frame) if isinstance(one, ast.While)]
    given = dict[str, object]()  # by a line of this round
    env: Env = ChainMap(given, meaning.names_of(frame))  # type: ignore[arg-type]
    return list(_run(around[-1].body, given, env)) if around else []


def loops_around(frame: FrameType) -> Iterator[ast.While | ast.AsyncFor]:
    """Yield the loops, round which it may go for ever, that the line of *frame* stands in."""
    block = parsed_files.function_of(frame.f_code)
    line = frame.f_lineno or 0
    nodes = ast.walk(block) if block is not None else ()
    endless = (node for node in nodes if isinstance(node, ast.While | ast.AsyncFor))
    yield from (loop for loop in endless if loop.lineno <= line <= (loop.end_lineno or 0))


def _run(body: Iterable[ast.stmt], given: dict[str, object], env: Env) -> Iterator[ast.AST]:
    """Yield the statements that are not skipped, up to the one that ends the round."""
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
    """Note what the names mean from here on that *step* gives a value, as far as it is known."""
    for node in ast.walk(step):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            given[node.id] = _UNKNOWN
    match step:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            given[name] = assertions.plain(value, env, _UNKNOWN)
