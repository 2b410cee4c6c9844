"""What gives names and attributes their values in a piece of code: the one search for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Literal

from loopcheck.light import dataclass
from loopcheck.source.nodes import walk

How = Literal["assigned", "changed", "entered", "iterated", "in comprehension"]


@dataclass(frozen=True, eq=False)
class Assignment:
    """One target of `=`, `:=`, `+=`, `with … as` or `for … in`, and the value it comes from."""

    target: ast.expr  # maybe a tuple
    value: ast.expr  # of a loop what it iterates over, of a `with` what it enters
    how: How
    line: int

    def parts(self) -> Iterator[ast.expr]:
        """Yield the single targets, from left to right: of `a, (b.c, *d)` a, b.c and d."""
        todo = [self.target]
        while todo:
            one = todo.pop()
            if isinstance(one, ast.Tuple | ast.List):
                todo += one.elts[::-1]
            elif isinstance(one, ast.Starred):
                todo.append(one.value)
            else:
                yield one

    def sets(self, target: str) -> bool:
        """Return whether *target* gets the value, as the code writes it: `self.store`."""
        return any(_written(one) == target for one in self.parts())


def _written(target: ast.expr) -> str:
    return target.id if isinstance(target, ast.Name) else ast.unparse(target)


def assignments_in(*blocks: ast.AST | None) -> Iterator[Assignment]:
    """Yield the assignments in *blocks*, nested functions included; None has none."""
    for block in filter(None, blocks):
        for node in walk(block):
            yield from assignments_of(node)


def assignments_of(node: ast.AST) -> Iterator[Assignment]:
    """Yield the assignments that *node* itself makes; `a, b = c, d` makes two."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                for one, given in _paired(target, value):
                    yield Assignment(one, given, "assigned", node.lineno)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield Assignment(target, value, "assigned", node.lineno)
        case ast.NamedExpr(target=target, value=value):
            yield Assignment(target, value, "assigned", node.lineno)
        case ast.AugAssign(target=target, value=value):
            yield Assignment(target, value, "changed", node.lineno)
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            yield Assignment(target, value, "iterated", node.lineno)
        case ast.comprehension(target=target, iter=value):
            yield Assignment(target, value, "in comprehension", target.lineno)
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield Assignment(target, value, "entered", value.lineno)


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield each target with its own value, as far as the code writes both out."""
    rows = (ast.Tuple, ast.List)
    if isinstance(target, rows) and isinstance(value, rows):
        starred = any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
        if not starred and len(target.elts) == len(value.elts):
            for one, given in zip(target.elts, value.elts, strict=True):
                yield from _paired(one, given)
            return
    yield target, value


def assigned_values(target: str, *blocks: ast.AST | None) -> list[ast.expr]:
    """Return the values that *blocks* assign to *target*, as the code writes it."""
    found = (one for one in assignments_in(*blocks) if one.how == "assigned")
    return [one.value for one in found if one.sets(target)]
