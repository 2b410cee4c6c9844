"""The pending clean-up of a generator that was left half-way. None of its code runs."""

from __future__ import annotations

import ast
import gc
from collections import ChainMap
from collections.abc import Collection, Iterator
from types import AsyncGeneratorType, FunctionType, GeneratorType, MethodType
from typing import Any, TypeGuard

from loopcheck.process import objects
from loopcheck.process.frames import line_at
from loopcheck.process.waiting import await_chain
from loopcheck.source import effects, parsed_files
from loopcheck.source.nodes import body_spans_line, nodes_of
from loopcheck.source.values import meaning
from loopcheck.source.values.callees import Env
from loopcheck.source.values.hoped_changes import Change

DEEPEST = 10  # generator-based managers nested in each other
_EXITS = ("__exit__", "__aexit__")


def changes(
    asked: effects.Sight,
    generator: Any,
    depth: int = 0,
    *,
    useless: Collection[Change] = (),
    hoped: frozenset[str] | None = None,
) -> bool:
    """Return whether the clean-up of *generator* changes what was *asked* for.

    *useless* and *hoped*: the changes that do not count, as in `effects.Sight`.
    """
    frame = await_chain.frame_of(generator)
    if frame is None or depth > DEEPEST:
        return False
    ends = list(exits(generator))
    named = {f"end {number}": end for number, end in enumerate(ends)}  # not a name in user code
    block = parsed_files.function_of(frame.f_code)
    steps = [*_steps(block, line_at(frame))]
    steps += [ast.Call(ast.Name(name, ast.Load()), [], []) for name in named]
    env: Env = ChainMap(named, meaning.names_of(frame))  # type: ignore[arg-type]
    sight = effects.Sight(useless=useless, hoped=hoped)
    effects.changed_by(steps, env, frame.f_code, sight)
    return effects.common(asked, sight) is not None or any(
        changes(asked, inner, depth + 1, useless=useless, hoped=hoped)
        for inner in map(generator_of, ends)
        if inner is not None
    )


def _steps(block: ast.AST | None, line: int) -> Iterator[ast.AST]:
    for node in nodes_of((ast.Try, ast.TryStar), block):
        if body_spans_line(node.body, line):
            yield from node.finalbody
            yield from (step for one in node.handlers for step in one.body)


def exits(suspended: object) -> Iterator[MethodType]:
    """Yield the exit methods of the managers that a coroutine or generator is in, from its stack.

    Its line shows only how a manager was created: `async with pool.lend()`.
    """
    held = gc.get_referents(suspended)
    for one, after in zip(held, [*held[1:], None], strict=True):
        if type(one) is MethodType and _ends_a_block(one.__func__):
            yield one
        elif _ends_a_block(one) and _has(after, one):  # 3.14 keeps method and object side by side
            yield MethodType(one, after)


def _ends_a_block(function: object) -> TypeGuard[FunctionType]:
    return type(function) is FunctionType and function.__name__ in _EXITS


def _has(thing: object, method: FunctionType) -> bool:
    spaces = map(objects.class_dict, objects.mro(type(thing)))
    return any(space.get(name) is method for space in spaces for name in _EXITS)


def generator_of(end: MethodType) -> object | None:
    """Return the generator inside an `@asynccontextmanager` manager."""
    if objects.module_of(type(end.__self__)) != "contextlib":
        return None
    found = objects.peek(end.__self__, "gen")
    return found if type(found) in (AsyncGeneratorType, GeneratorType) else None
