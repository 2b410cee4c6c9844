"""Whether an object lets one task in at a time."""

from __future__ import annotations

import ast
import asyncio
import re
from types import FunctionType

from loopcheck.process import objects
from loopcheck.source import parsed_files, project_files
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env
from loopcheck.source.values.made_objects import Made, kind_of

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
