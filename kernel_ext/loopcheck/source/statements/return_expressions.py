"""The expressions that a function's result comes from: the others only have side effects.

`self.log.append(name)` and `return 201` are in one function, and only one of them is the result.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from loopcheck.source.nodes import names_in, nodes_run_by

Function = ast.FunctionDef | ast.AsyncFunctionDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_ROUNDS = 10  # names that come from names that come from names


def of(function: Function) -> set[ast.expr]:
    """Return the expressions that the result of *function* comes from, through its own names."""
    given = {one.arg for one in ast.walk(function.args) if isinstance(one, ast.arg)}
    named = set[str]()  # local names that are part of the result
    found = set[ast.expr]()
    for _ in range(_ROUNDS):
        before = len(found), len(named)
        _block(function.body, named, found)
        named |= names_in(*found) - given  # a change to an argument is a side effect
        if (len(found), len(named)) == before:
            break
    return found


def within(step: ast.AST, wanted: set[ast.expr]) -> Iterator[ast.expr]:
    """Yield those of *wanted* that are in *step*."""
    yield from (node for node in ast.walk(step) if node in wanted)


def _block(steps: Iterable[ast.stmt], named: set[str], found: set[ast.expr]) -> bool:
    """Add to *found* what matters in *steps*; return whether anything in them does."""
    return True in [_step(step, named, found) for step in steps]


def _step(step: ast.stmt, named: set[str], found: set[ast.expr]) -> bool:
    if isinstance(step, _SCOPES):
        return False
    if not (parts := list(_parts(step))):
        made = list(_made(step, named))
        found.update(made)
        return bool(made) or isinstance(step, ast.Return)
    matters = True in [_block(part, named, found) for part in parts]
    made = list(_head(step, named, matters))
    found.update(made)
    return matters or bool(made)


def _parts(step: ast.AST) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if isinstance(part := getattr(step, name, None), list):
            yield part
    for one in (*getattr(step, "handlers", ()), *getattr(step, "cases", ())):
        yield one.body


def _head(step: ast.stmt, named: set[str], matters: bool) -> Iterator[ast.expr]:
    """Yield the expressions that decide how a block continues, and those it assigns to a name."""
    match step:
        case ast.If(test=test) | ast.While(test=test) if matters:
            yield test
        case ast.Match(subject=subject) if matters:
            yield subject
        case ast.For(iter=rows) | ast.AsyncFor(iter=rows) if matters or _is(step.target, named):
            yield rows
        case ast.Try(body=body, handlers=handlers) if matters and any(map(_missing, handlers)):
            asked = (node for node in nodes_run_by(body) if isinstance(node, ast.Subscript))
            yield from (node for node in asked if isinstance(node.ctx, ast.Load))
        case ast.With(items=items) | ast.AsyncWith(items=items):
            for item in items:
                if item.optional_vars is not None and _is(item.optional_vars, named):
                    yield item.context_expr


def _missing(handler: ast.ExceptHandler) -> bool:
    """Return whether the result depends on an existing key: only `rows[key]` reads one."""
    names = (getattr(one, "id", None) for one in ast.walk(handler.type or handler))
    return not {"KeyError", "IndexError", "LookupError"}.isdisjoint(names)


def _made(step: ast.stmt, named: set[str]) -> Iterator[ast.expr]:
    match step:
        case ast.Return(value=ast.expr() as value):
            yield value
        case ast.Assign(targets=targets, value=value) if any(_is(one, named) for one in targets):
            yield value
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.AugAssign(target=target, value=value)
        ) if _is(target, named):
            yield value
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=of)) as call) if _is(of, named):
            yield call  # `found.append(row)`
    for node in nodes_run_by([step]):
        if isinstance(node, ast.Yield | ast.YieldFrom) and node.value is not None:
            yield node.value


def _is(target: ast.expr, named: set[str]) -> bool:
    """Return whether *target* is one of the names, or a part of the object of one."""
    if isinstance(target, ast.Tuple | ast.List):
        return any(_is(one, named) for one in target.elts)
    while isinstance(target, ast.Attribute | ast.Subscript | ast.Starred):
        target = target.value
    return isinstance(target, ast.Name) and target.id in named
