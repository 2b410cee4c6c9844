"""A callback that the loop was about to call, and what it would change. It is not called."""

from __future__ import annotations

import ast
import asyncio
import functools
from collections import deque
from collections.abc import Collection, Iterator
from types import BuiltinMethodType, CodeType, FunctionType, MethodType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.loops.live_loops import Loop
from loopcheck.process.waiting import await_chain
from loopcheck.source import calls, effects, parsed_files, project_files
from loopcheck.source.nodes import calls_in, nodes_of
from loopcheck.source.values import callees
from loopcheck.source.values.hoped_changes import Change

MOST = 200  # callbacks to look into
SOON = 1.0  # seconds: a timeout or the end of a lease mostly comes later, and no test waits for it
_NO_CODE = compile("", "<no code>", "exec")
_TIMED = frozenset({"call_later", "call_at"})
_LATER = _TIMED | {"call_soon", "call_soon_threadsafe"}
NAMELESS = "<lambda>"


@dataclass(frozen=True, eq=False)
class Timer:
    """A function, or a method of a container, that the loop will call. Lives only during a look."""

    name: str
    code: CodeType
    called: object
    args: tuple[object, ...]


def soon(loop: Loop) -> Iterator[Timer]:
    """Yield what *loop* calls once within a second."""
    for timer in _until(loop, SOON):
        if not _again(timer.code):
            yield timer


def due(loop: Loop) -> Iterator[Timer]:
    """Yield what *loop* would have called by now, if it ran."""
    ready = objects.peek(loop, "_ready")
    for handle in list(ready)[:MOST] if type(ready) is deque else ():
        found = _timer(handle) if objects.peek(handle, "_cancelled") is False else None
        if found is not None:
            yield found
    yield from _until(loop, 0)


def _until(loop: Loop, seconds: float) -> Iterator[Timer]:
    kept = objects.peek(loop, "_scheduled")  # uvloop keeps its own in C
    if type(kept) is not list or objects.closed(loop):
        return
    now = asyncio.BaseEventLoop.time(loop)  # type: ignore[arg-type]  # it has the list: it is one
    for handle in kept[:MOST]:
        when = objects.peek(handle, "_when")
        if objects.peek(handle, "_cancelled") is False and type(when) in (int, float):
            found = _timer(handle) if when - now < seconds else None  # type: ignore[operator]
            if found is not None:
                yield found


def is_scheduled(handle: object) -> bool:
    """Return whether *handle* is a timer that its loop still has to call."""
    return objects.is_a(handle, asyncio.TimerHandle) and (
        objects.peek(handle, "_cancelled") is False and objects.peek(handle, "_scheduled") is True
    )


def name_of(handle: object) -> str:
    """Return the name of the function that the timer *handle* calls: "Cache._drop"."""
    called = callees.function_of(objects.peek(handle, "_callback"))
    name = getattr(called, "__qualname__", "")
    return await_chain.short(name) if type(name) is str else ""


def scheduled_by(handle: object) -> calls.Call | None:
    """Return the only line of the project that can have started the timer *handle*.

    It hands the function to `call_later` or `call_at`, or has the lambda that they get.
    """
    called = callees.function_of(objects.peek(handle, "_callback"))
    name, code = name_of(handle).rpartition(".")[2], objects.code_of(called)
    if name == NAMELESS and code is not None:
        found = calls.at(code.co_filename, code.co_firstlineno)
        found = [one for one in found if one.name in _TIMED]
    else:
        own = [code.co_filename] if code is not None else []
        found = []
        for files in (own, project_files.files()):
            found = found or calls.given(files, name, _TIMED)
    return found[0] if len(found) == 1 else None


def _timer(handle: object) -> Timer | None:
    called: Any = objects.peek(handle, "_callback")
    args = objects.peek(handle, "_args")
    given = args if type(args) is tuple else ()
    while type(called) is functools.partial:
        called, given = called.func, (*called.args, *given)
    if type(called) is BuiltinMethodType:
        plain = any(objects.is_a(called.__self__, kind) for kind in effects.CONTAINERS)
        return Timer(called.__qualname__, _NO_CODE, called, given) if plain else None
    function: Any = called.__func__ if type(called) is MethodType else called
    if type(function) is not FunctionType:
        return None
    code = function.__code__
    name = await_chain.short(code.co_qualname)
    users = project_files.owner(code.co_filename) == "user"
    return Timer(name, code, called, given) if users else None


def _again(code: CodeType) -> bool:
    """Return whether the function of *code* has the loop call it again: a clock is never late.

    It does so itself, or through a function of its file: `_beat` calls `_next`, and that
    `call_later`.
    """
    block = parsed_files.function_of(code)
    if block is None:
        return False
    called = {calls.last(call.func) for call in calls_in(block)}
    others = parsed_files.tree(code.co_filename) or block
    functions = nodes_of((ast.FunctionDef, ast.AsyncFunctionDef), others)
    helpers = (one for one in functions if one.name in called)
    return any(
        code.co_name in map(calls.last, call.args)
        for one in (block, *helpers)
        for call in calls_in(one)
        if calls.last(call.func) in _LATER
    )


def changes(
    timer: Timer, asked: effects.Sight, step: ast.stmt, useless: Collection[Change] = ()
) -> str | None:
    """Return what *timer* changes of what *step* reads, except by *useless* changes."""
    names = {f"argument {number}": one for number, one in enumerate(timer.args)}
    args: list[ast.expr] = [ast.Name(name, ast.Load()) for name in names]
    call = ast.Call(ast.Name("callback", ast.Load()), args, [])
    sight = effects.Sight(hoped=effects.constants(step), useless=useless)
    called = {**names, "callback": timer.called}
    effects.changed_by([call], called, timer.code, sight)
    return effects.common(asked, sight)
