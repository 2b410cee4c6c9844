"""The calls whose results a line passes on: in it, in a list that it names, in a comprehension.

`r = op()`, `tasks.append(c.load())`, `[c.load() for c in clients]`: the line itself has no call, or
its names were those of a comprehension and are gone.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.light import replace
from loopcheck.source.failing_line import At
from loopcheck.source.nodes import names_in, nodes_of

MOST = 50  # items of a loop to look at
FILLS = ("append", "add", "put_nowait", "appendleft")


def calls(head: ast.AST, where: At) -> Iterator[tuple[ast.Call, At]]:
    """Yield the calls behind what *head* passes on, each with the values of its names."""
    for node in nodes_of(ast.expr, head):
        yield from _results(node, where)
    names = names_in(head)
    for value, around in _given(where, names) if where.function is not None else ():
        if isinstance(around, ast.For):
            for one in _rounds(around.target, around.iter, where):
                yield from _results(value, one)
        else:
            yield from _results(value, where)


def _given(where: At, names: set[str]) -> Iterator[tuple[ast.expr, ast.stmt]]:
    """Yield what assigned these names, or filled them, up to the line of *where*."""
    assert where.function is not None
    for around in nodes_of(ast.stmt, where.function):
        inside = around.body if isinstance(around, ast.For) else [around]
        for node in inside if around.lineno < where.line else ():
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in names:
                    yield value, around
                case ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name(id=name), attr=attr), args=[value]
                    )
                ) if name in names and attr in FILLS:
                    yield value, around


def _results(node: ast.expr, where: At) -> Iterator[tuple[ast.Call, At]]:
    """Yield the calls whose results are the value of *node* or its parts, without arguments."""
    match node:
        case ast.ListComp(elt=ast.Call() as call, generators=[one]):
            yield from ((call, then) for then in _rounds(one.target, one.iter, where))
        case ast.GeneratorExp(elt=ast.Call() as call, generators=[one]):
            yield from ((call, then) for then in _rounds(one.target, one.iter, where))
        case ast.Call(
            func=ast.Name(id="map"),
            args=[
                ast.Lambda(args=ast.arguments(args=[ast.arg(arg=name)]), body=ast.Call() as call),
                over,
            ],
        ):
            yield from ((call, then) for then in _rounds(ast.Name(id=name), over, where))
        case ast.Call():
            yield node, where
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            yield from ((one, where) for one in elts if isinstance(one, ast.Call))


def _rounds(target: ast.expr, over: ast.expr, where: At) -> Iterator[At]:
    """Yield *where* as it was in each iteration of a loop."""
    many = where.mean(over)
    if not isinstance(target, ast.Name) or type(many) not in (list, tuple):
        return
    for value in list(many)[:MOST]:  # type: ignore[call-overload]
        scope = replace(where.scope, own={**where.scope.own, target.id: value})
        yield replace(where, scope=scope)
