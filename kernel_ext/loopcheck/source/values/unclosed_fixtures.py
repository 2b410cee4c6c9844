"""Fixtures that hand out an object which has to be closed with `await`, and never close it.

A definition shows it before any test runs: the class that it calls, or that a function is annotated
to return, has `async def aclose`, and nothing in its text can close the object. Whatever might do
so, in whatever way, is enough to keep silent: the object is passed on, a `with` enters it, any call
follows the `yield`.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable
from typing import Any

from loopcheck.process import objects
from loopcheck.records import LeftOpen
from loopcheck.source import bindings, parsed_files
from loopcheck.source.bindings import Function
from loopcheck.source.nodes import parents, results_of
from loopcheck.source.values import annotated_results, made_objects, meaning

METHODS = ("aclose", "close", "disconnect", "dispose", "stop", "shutdown")  # the best first


def left_open(definition: Any, users: Iterable[Any]) -> LeftOpen | None:
    """Return what the fixture *definition* leaves open, unless one of its *users* closes it."""
    found = _read(definition)
    if found is None:
        return None
    function, scope = found
    handed = _handed_out(function)
    call = _made_by(function, handed) if handed is not None else None
    if handed is None or call is None or _closes(function, handed):
        return None
    if any(_mentions_end(user, str(definition.argname)) for user in users):
        return None
    kind = _kind(call, scope)
    method = next((one for one in METHODS if kind is not None and _is_async(kind, one)), None)
    name = handed.id if isinstance(handed, ast.Name) else None
    if kind is None or method is None:
        return None
    return LeftOpen(type=kind.__name__, method=method, name=name)


def _read(definition: Any) -> tuple[Function, dict[str, object]] | None:
    function = getattr(definition.func, "__func__", definition.func)
    code = getattr(function, "__code__", None)
    node = parsed_files.function_of(code) if code is not None else None
    return (node, function.__globals__) if node is not None else None


def _handed_out(function: Function) -> ast.expr | None:
    """Return the one expression that *function* yields or returns, None of several."""
    given = [*results_of(function)]
    return given[0] if len(given) == 1 else None


def _made_by(function: Function, handed: ast.expr) -> ast.Call | None:
    """Return the call that made *handed*, None if it is not known or a `with` closes it."""
    if isinstance(handed, ast.Name):
        values = list(bindings.values(function, handed.id))
        handed, entered = values[0] if len(values) == 1 else (handed, True)
        if entered:
            return None
    called = handed.value if isinstance(handed, ast.Await) else handed
    return called if isinstance(called, ast.Call) else None


def _kind(call: ast.Call, scope: dict[str, object]) -> type | None:
    """Return the class of what *call* makes; a connection that is awaited is itself the result."""
    made = made_objects.of(call, scope)
    if isinstance(made, made_objects.Made):
        return made.kind
    function = objects.function_of(meaning.of(call.func, scope))
    return annotated_results.of(function.__code__, function.__globals__) if function else None


def _closes(function: Function, handed: ast.expr) -> bool:
    """True if anything in *function* may close what it hands out."""
    above = parents(function)
    after = [
        node
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and node.lineno > (handed.end_lineno or handed.lineno)
    ]
    if after:
        return True
    uses = [node for node in ast.walk(function) if _is(node, handed) and node is not handed]
    return any(not _is_call_of(node, above) for node in uses)


def _is(node: ast.AST, handed: ast.expr) -> bool:
    named = isinstance(handed, ast.Name) and isinstance(node, ast.Name) and node.id == handed.id
    return named and isinstance(getattr(node, "ctx", None), ast.Load)


def _is_call_of(name: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """True for the `client` of `client.connect()`: nothing else gets hold of it."""
    member = above.get(name)
    call = above.get(member) if member is not None else None
    return (
        isinstance(member, ast.Attribute)
        and isinstance(call, ast.Call)
        and call.func is member
        and not bindings.ends(member.attr)
    )


def _mentions_end(definition: Any, name: str) -> bool:
    """True if another fixture calls a closing method of *name*, or enters it."""
    found = _read(definition)
    for node in ast.walk(found[0]) if found is not None else ():
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=method) if owner == name:
                if bindings.ends(method):
                    return True
            case ast.withitem(context_expr=ast.Name(id=owner)) if owner == name:
                return True
    return False


def _is_async(kind: type, name: str) -> bool:
    return inspect.iscoroutinefunction(objects.function_of(objects.class_attribute(kind, name)))
