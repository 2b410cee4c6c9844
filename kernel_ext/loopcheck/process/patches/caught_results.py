"""Calls whose results are dropped, and whose error led to the value that an assertion compares.

`try: await charge(5)`, `except ChargeError: return "failed"`: a dropped call leaves nothing but
whether it failed. Reported only if the value is what that handler alone returns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from loopcheck.process.failure import Step
from loopcheck.source.nodes import has_node, nodes_of
from loopcheck.source.values import asserted_values

Plain = bool | str | int


def found_by(step: Step) -> list[Plain]:
    """Return what the failing assertion of *step* got, if its text distinguishes that."""
    statement = step.source.statement
    test = statement.test if isinstance(statement, ast.Assert) else None
    if statement is None or test is None:
        return []
    wanted: list[object] = []
    if isinstance(test, ast.Compare):
        sides = [test.left, *test.comparators]
        wanted = [one.value for one in sides if isinstance(one, ast.Constant)]
        if len(wanted) != 1 or len(sides) != 2:
            return []
    values = [
        one for one in asserted_values.in_statement(step.frame, statement) if isinstance(one, Plain)
    ]
    return [one for one in values if not any(_is(one, other) for other in wanted)]


def calls(body: Sequence[ast.stmt], found: Sequence[Plain]) -> Iterator[ast.Expr]:
    """Yield the calls in a function's *body* whose errors must have led to one of *found*."""
    given = [one.value for one in nodes_of(ast.Return, *body)]
    for node in nodes_of(ast.Try, *body) if found else ():
        calling = [one for one in node.body if has_node(ast.Call, one)]
        answers = [one for handler in node.handlers for one in handler.body]
        for value in (one.value for one in answers if isinstance(one, ast.Return)):
            alone = [one for one in given if _same(one, value)] == [value]
            if alone and len(calling) == 1 and _one_of(value, found):
                yield from (one for one in calling if isinstance(one, ast.Expr))


def _one_of(value: ast.expr | None, found: Sequence[Plain]) -> bool:
    return isinstance(value, ast.Constant) and any(_is(value.value, one) for one in found)


def _same(one: ast.expr | None, other: ast.expr | None) -> bool:
    return one is other or (
        isinstance(one, ast.Constant)
        and isinstance(other, ast.Constant)
        and _is(one.value, other.value)
    )


def _is(one: object, other: object) -> bool:
    """Return whether both are the same value: True is not 1."""
    return type(one) is type(other) and one == other
