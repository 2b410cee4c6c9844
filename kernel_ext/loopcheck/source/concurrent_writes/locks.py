"""Whether an object lets one task in at a time."""

from __future__ import annotations

import ast
import asyncio
import re
from collections import deque
from types import CodeType, FunctionType

from loopcheck.process import objects
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import nodes_run_by
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env
from loopcheck.source.values.made_objects import Made, kind_of

TAKES = frozenset({"get", "receive", "wait", "wait_for"})
PASSES_ON = frozenset(
    {*("put", "put_nowait", "send", "send_nowait"), *("set", "set_result", "notify", "notify_all")}
)
LOOP_LIBRARIES = frozenset({"asyncio", "anyio", "trio"})
LOCKS = re.compile(r"lock|mutex|exclusive|atomic|transaction", re.IGNORECASE)


def is_lock(node: ast.expr, env: Env) -> bool:
    """Return whether `async with node` lets one task in at a time; if in doubt, it does."""
    lock = callees.held(node, env)
    if type(lock) is Made and any(one is asyncio.Semaphore for one in objects.mro(lock.kind)):
        free = callees.value(lock.call.args[0], lock.env) if lock.call.args else 1
        return not (type(free) is int and free > 1)
    if objects.is_a(lock, asyncio.Semaphore):
        free = objects.peek(lock, "_value")
        return not (type(free) is int and free > 1)
    function = callees.function(node.func, env) if isinstance(node, ast.Call) else None
    block = _undecorated_block(function) if function is not None else None
    if block is not None:  # a context manager of the project
        return LOCKS.search(ast.unparse(block)) is not None
    if meaning.known(lock):
        return LOCKS.search(objects.class_name(kind_of(lock))) is not None
    return LOCKS.search(ast.unparse(node)) is not None


def _undecorated_block(function: FunctionType) -> ast.AST | None:
    code = objects.code_of(function)
    if code is None or project_files.owner(code.co_filename) != "user":
        return None
    return parsed_files.function_of(code)


def turn_taken(call: ast.Call, env: Env, code: CodeType) -> str | None:
    """Return what *call* waits for, if a later line of the function passes it on to the next task.

    A queue with one item, a condition with a flag, or an event for each task let one in at a time.
    """
    taken = turn_of(call, TAKES)
    block = parsed_files.function_of(code)
    if taken is None or block is None or not isinstance(call.func, ast.Attribute):
        return None
    if not _wakes(call.func.value, env):
        return None
    later = (one for one in nodes_run_by(block.body) if isinstance(one, ast.Call))
    passed_on = (turn_of(one, PASSES_ON) for one in later if one.lineno > call.lineno)
    return taken if taken in passed_on else None


def _wakes(owner: ast.expr, env: Env) -> bool:
    """Return whether *owner* is what tasks wait for one at a time: a store's `get` waits for none.

    Of a row of them, the first one tells. A queue with several items lets in as many tasks.
    """
    thing = callees.held(owner, env)
    if isinstance(owner, ast.Subscript) and not meaning.known(thing):
        thing = next((one for _, one in objects.steps(callees.value(owner.value, env))), thing)
    if not meaning.known(thing):
        return False
    items = objects.peek(thing, "_queue")
    several = isinstance(items, deque | list) and len(items) > 1
    library = objects.class_name(kind_of(thing)).partition(".")[0]
    return library in LOOP_LIBRARIES and not several


def turn_of(call: ast.Call, names: frozenset[str]) -> str | None:
    """Return whose method of these *names* is called: of `done[i].set()`, "done"."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in names:
        return None
    owner = call.func.value
    while isinstance(owner, ast.Subscript):
        owner = owner.value
    return ast.unparse(owner)
