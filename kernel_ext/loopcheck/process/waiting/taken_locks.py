"""The line of a function that acquired a lock or a semaphore, and has not released it."""

from __future__ import annotations

import ast
from collections import ChainMap, deque
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from functools import lru_cache
from types import FrameType, MethodType
from typing import cast

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.frames import line_at, owner_of
from loopcheck.process.pending import generator_cleanups
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import parsed_files
from loopcheck.source.nodes import body_spans_line, has_node, own_nodes, spans_line
from loopcheck.source.values import meaning

MOST = 50  # coroutines and generators of one task
STACK, ENTERS = AsyncExitStack, "enter_async_context"


def at(frame: FrameType, thing: object, waits: FrameType | None = None) -> int | None:
    """Return the line of *frame* that acquired *thing* and has not released it.

    *waits* is the frame that waits for it: a lock on its own line is not acquired yet.
    """
    code = frame.f_code
    now = line_at(frame)
    around = parsed_files.enclosing(code.co_filename, now)
    if not around or around[0].name != code.co_name or not _takes(around[0]):
        return None
    for node in own_nodes(around[0]):
        if isinstance(node, ast.With | ast.AsyncWith) and body_spans_line(node.body, now):
            for one in node.items:
                line = one.context_expr.lineno
                if frame is waits and line == now:
                    continue
                if meaning.of(one.context_expr, frame) is thing:
                    return line
    return (
        _stacked(around[0], frame, thing)
        or _acquired(around[0], frame, thing)
        or _acquired_in_turn(around[0], frame, thing)
    )


def in_managers(steps: Iterable[object]) -> Iterator[FrameType]:
    """Yield the frames of the generators whose blocks *steps* are in, as `@asynccontextmanager`.

    What they hold is held by the task, too.
    """
    todo = [*steps]
    for step in todo[:MOST]:  # it grows
        frame = await_chain.frame_of(step)
        ends = [*generator_cleanups.exits(step), *(_kept_exits(frame) if frame is not None else ())]
        for generator in filter(None, map(generator_cleanups.generator_of, ends)):
            inner = await_chain.frame_of(generator)
            if inner is not None and owner_of(inner) == "user":
                todo.append(generator)
                yield inner


def _kept_exits(frame: FrameType) -> Iterator[MethodType]:
    """Yield the exit methods that an `AsyncExitStack` among the locals of *frame* will call."""
    for stack in list(frame.f_locals.values()):
        yield from _kept_exits_of(stack)


def _kept_exits_of(stack: object) -> Iterator[MethodType]:
    kept = objects.peek(stack, "_exit_callbacks") if objects.is_a(stack, STACK) else None
    for _, end in kept if type(kept) is deque else ():
        if type(end) is MethodType:
            yield end


@lru_cache(maxsize=1_000)
def _takes(function: ast.AST) -> bool:
    """Return whether *function* may take a lock: most do not, and need no search."""
    return any(
        isinstance(node, ast.With | ast.AsyncWith)
        or (isinstance(node, ast.Attribute) and node.attr in ("acquire", ENTERS))
        for node in own_nodes(function)
    )


def _stacked(function: ast.AST, frame: FrameType, thing: object) -> int | None:
    """Return the line that entered *thing* into an `AsyncExitStack` of *frame*."""
    for name, stack in list(frame.f_locals.items()):
        if not any(one.__self__ is thing for one in _kept_exits_of(stack)):
            continue
        for node in own_nodes(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"{name}.{ENTERS}":
                return node.lineno
    return None


def _acquired(function: ast.AST, frame: FrameType, thing: object) -> int | None:
    last: tuple[int, str] | None = None
    now = line_at(frame)
    for node in own_nodes(function):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr not in ("acquire", "release") or node.lineno >= now:
            continue
        if meaning.of(node.func.value, frame) is thing:
            last = max(last or (0, ""), (node.lineno, node.func.attr))
    return last[0] if last is not None and last[1] == "acquire" else None


def _acquired_in_turn(function: ast.AST, frame: FrameType, thing: object) -> int | None:
    """Return the line of a `for` that acquired *thing* in an earlier iteration."""
    now = line_at(frame)
    for turn in own_nodes(function):
        if not isinstance(turn, ast.For) or not isinstance(turn.target, ast.Name):
            continue
        for call in _kept_calls(function, turn, now):
            for one in _past(turn, frame, call.lineno):
                scope = ChainMap({turn.target.id: one}, frame.f_locals, frame.f_globals)
                if meaning.of(_owner_of(call), scope) is thing:
                    return call.lineno
    return None


def _kept_calls(function: ast.AST, turn: ast.For, now: int) -> list[ast.Call]:
    """Return the `acquire()` calls of *turn*, if nothing up to the line *now* releases any."""
    until = max(now, turn.end_lineno or 0)
    calls = [one for one in _lock_calls(function) if turn.lineno <= one.lineno <= until]
    if turn.lineno >= now or any(_attr(one) == "release" for one in calls):
        return []
    return [one for one in calls if one.lineno <= (turn.end_lineno or 0)]


def _past(turn: ast.For, frame: FrameType, line: int) -> list[object]:
    """Return the items of *turn* for which its *line* has run to its end."""
    many = meaning.of(turn.iter, frame)
    if type(many) not in (list, tuple) or not isinstance(turn.target, ast.Name):
        return []
    every = list(cast("list[object]", many))
    now = line_at(frame)
    if now > (turn.end_lineno or 0):
        early = has_node(ast.Break, turn)
        return [] if early else every
    current = meaning.named(turn.target.id, frame)
    at = [i for i, one in enumerate(every) if one is current]
    if len(at) != 1:
        return []  # it is in there twice: which iteration this is is unknown
    return every[: at[0] + (line < now)]


def _lock_calls(function: ast.AST) -> list[ast.Call]:
    calls = [one for one in own_nodes(function) if isinstance(one, ast.Call)]
    return [one for one in calls if _attr(one) in ("acquire", "release")]


def _attr(call: ast.Call) -> str | None:
    return call.func.attr if isinstance(call.func, ast.Attribute) else None


def _owner_of(call: ast.Call) -> ast.expr:
    return call.func.value if isinstance(call.func, ast.Attribute) else call.func


def maybe(frames: Iterable[FrameType], labels: Labels) -> Place | None:
    """Return a line of one of *frames* that acquires locks, if it is unknown which ones."""
    for frame in frames:
        around = parsed_files.enclosing(frame.f_code.co_filename, line_at(frame))
        if around and around[0].name == frame.f_code.co_name:
            for call in _lock_calls(around[0]):
                if _attr(call) == "acquire" and _untold(around[0], call, frame):
                    file = labels.file(frame.f_code.co_filename)
                    return Place(file, call.lineno, frame.f_code.co_name)
    return None


def _untold(function: ast.AST, call: ast.Call, frame: FrameType) -> bool:
    """Return whether *call*, on a line that may have run, acquired what no longer has a name."""
    turns = [one for one in own_nodes(function) if isinstance(one, ast.For | ast.While)]
    again = any(spans_line(one, call.lineno) and not _gives_back(one, call) for one in turns)
    before = call.lineno < line_at(frame)
    return again or (before and not meaning.known(meaning.of(_owner_of(call), frame)))


def _gives_back(turn: ast.For | ast.While, call: ast.Call) -> bool:
    """Return whether each iteration of *turn* releases what *call* acquires."""
    taken = ast.unparse(_owner_of(call))
    return any(
        _attr(one) == "release" and ast.unparse(_owner_of(one)) == taken
        for one in _lock_calls(turn)
    )
