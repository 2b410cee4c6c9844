"""A user function that starts a loop for its coroutine argument before it does anything else.

We read it from the syntax: we know that the function was called, and so that its loop should start.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from loopcheck.source import modules
from loopcheck.source.calls import Call, last
from loopcheck.source.values import value_origins

STARTS = ("asyncio.run",)
UNTIL = "run_until_complete"
LOOPS = frozenset({"get_event_loop", "get_running_loop", "new_event_loop"})


def start_in(call: Call) -> Call | None:
    """Return where the function that receives *call* starts a loop with it, None if it may not."""
    found = list(modules.functions_named(call.taker)) if call.taker is not None else []
    found = [one for one in found if one[0] == call.file] or found
    if len(found) != 1:
        return None
    file, function = found[0]
    given = _only_parameter(function)
    start = _first_start(function) if given is not None else None
    match start.args if start is not None else []:
        case [ast.Name(id=name), *_] if start is not None and name == given:
            end = start.end_lineno or start.lineno
            said = ast.unparse(start.func)
            return Call(file, start.lineno, end, call.name, function.name, to=said)
    return None


def _only_parameter(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Return the only parameter without a default."""
    plain = isinstance(function, ast.FunctionDef) and not function.decorator_list
    spec = function.args
    named = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    wanted = [one for one in named[: len(named) - len(spec.defaults)] if one != "self"]
    return wanted[0] if plain and len(wanted) == 1 else None


def _first_start(function: ast.AST) -> ast.Call | None:
    """Return the call that starts a loop, if nothing before it can fail or end the function."""
    body, runner = _after_docstring(getattr(function, "body", [])), None
    match body:
        case [
            ast.With(
                items=[ast.withitem(context_expr=ast.Call(args=[]) as made, optional_vars=name)],
                body=inner,
            )
        ]:
            if last(made.func) != "Runner" or not isinstance(name, ast.Name):
                return None
            runner, body = name.id, inner
    match body:
        case [ast.Assign(targets=[ast.Name(id=loop)], value=ast.Call() as made), *rest]:
            if runner is not None or not _gives_a_loop(made) or len(rest) == 0:
                return None
            call = getattr(rest[0], "value", None)
            return call if _is_run_by(call, loop) else None
    match body:
        case [
            ast.Return(value=ast.Call() as call)
            | ast.Expr(value=ast.Call() as call)
            | ast.Assign(value=ast.Call() as call),
            *_,
        ]:
            starts = (f"{runner}.run",) if runner is not None else STARTS
            by_loop = runner is None and asked_for_a_loop(call.func)
            return call if by_loop or ast.unparse(call.func) in starts else None
    return None


def asked_for_a_loop(called: ast.expr) -> bool:
    """Return whether it is `asyncio.get_event_loop().run_until_complete`."""
    by = called.value if isinstance(called, ast.Attribute) and called.attr == UNTIL else None
    return isinstance(by, ast.Call) and _gives_a_loop(by)


def loop_is_asked_for(function: ast.AST, name: str) -> bool:
    """Return whether *name* in *function* is only ever the thread's own loop, or a new one."""
    called = [*_method_calls(function, name)]
    given = [one for one in value_origins.given(function, name) if one not in called]
    return bool(given) and all(isinstance(one, ast.Call) and _gives_a_loop(one) for one in given)


def _method_calls(function: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield the arguments of the methods of *name*."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner)), args=args):
                yield from args if owner == name else ()


def _gives_a_loop(made: ast.Call) -> bool:
    return last(made.func) in LOOPS


def _is_run_by(call: object, loop: str) -> TypeGuard[ast.Call]:
    return isinstance(call, ast.Call) and ast.unparse(call.func) == f"{loop}.{UNTIL}"


def _after_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body
