"""Whether a coroutine gets past its first `await` without waiting."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Sized
from types import FrameType
from typing import Any

from loopcheck.process import objects
from loopcheck.process.pending import timers
from loopcheck.source import parsed_files
from loopcheck.source.statements.wait_order import waits_in_order
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

LOCKS = (asyncio.Lock, asyncio.Condition)
ANYIO = "anyio._backends._asyncio"  # its events are asyncio's, inside


def comes_past(frame: FrameType) -> bool:
    """Return whether the function of *frame* first awaits nothing, or something already there."""
    block = parsed_files.function_of(frame.f_code)
    if block is None:
        return False
    first = next(waits_in_order(block.body), None)
    return first is None or is_there(first, meaning.names_of(frame))


def is_there(node: ast.AST, env: Env) -> bool:
    """Return whether *node* awaits or enters something that is already there."""
    match node:
        case ast.AsyncWith(items=[ast.withitem(context_expr=lock)]):
            return _is_open(callees.value(lock, env))
        case ast.Await(value=ast.Call(func=asked, args=[delay, *_])) if _name(asked) == "sleep":
            if isinstance(delay, ast.Constant):
                return _is_soon(delay.value)
            return _is_soon(callees.value(delay, env))
        case ast.Await(value=ast.Call(func=ast.Attribute(value=of, attr=name))):
            return _answers(callees.value(of, env), name)
    return False


def _name(function: ast.expr) -> str | None:
    return getattr(function, "attr", getattr(function, "id", None))


def _is_soon(delay: Any) -> bool:
    return type(delay) in (int, float) and bool(delay < timers.SOON)


def _answers(of: object, name: str) -> bool:
    """Return whether this asyncio object returns from the method *name* without waiting."""
    if objects.is_a(of, asyncio.Queue):
        kept = objects.peek(of, "_queue")
        if name == "put":
            return objects.peek(of, "_maxsize") == 0
        return name == "get" and isinstance(kept, Sized) and len(kept) > 0
    if objects.module_of(type(of)) == ANYIO:
        of = objects.peek(of, "_event")
    if objects.is_a(of, asyncio.Event):
        return name == "wait" and objects.peek(of, "_value") is True
    return name == "acquire" and _is_open(of)


def _is_open(lock: object) -> bool:
    if objects.is_a(lock, asyncio.Condition):
        lock = objects.peek(lock, "_lock")
    return objects.is_a(lock, asyncio.Lock) and objects.peek(lock, "_locked") is False
