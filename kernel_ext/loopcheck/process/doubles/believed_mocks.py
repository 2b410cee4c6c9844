"""A line that raises because a mock's made-up value is true: `if await repo.find(x): raise`.

Every mock is true. Reported only if the condition contains the mock's own value, and the test never
configured that value.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import TracebackType

from loopcheck.process.doubles import made_up_data
from loopcheck.source import failing_line
from loopcheck.source.failing_line import Look, Stumble
from loopcheck.source.nodes import contains, nodes_of


def read(trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the mock whose made-up value led to the failing `raise` in user code."""
    where = failing_line.at(trace[-1], look.stood)
    if where.owner != "user" or not isinstance(where.step, ast.Raise) or where.function is None:
        return
    for branch in _branches(where.function, where.step):
        for node in _true(branch.test):
            got = where.mean(node)
            if made_up_data.is_made_up(got, look):
                line = where.frame.f_code.co_filename, node.lineno
                yield Stumble(double=got, wanted="truth", node=node, at=where, got=got, called=line)
                return


def _branches(function: ast.AST, step: ast.Raise) -> Iterator[ast.If]:
    """Yield the conditions that held where *step* raises, innermost first."""
    around = list(nodes_of((ast.If, ast.ExceptHandler), function))
    for node in reversed(around):
        if any(contains(one, step) for one in node.body):
            if isinstance(node, ast.ExceptHandler):
                return  # the earlier failure is the cause
            yield node


def _true(test: ast.expr) -> Iterator[ast.expr]:
    """Yield the parts of *test* that must all have been true for it to be true."""
    match test:
        case ast.BoolOp(op=ast.And(), values=values):
            for one in values:
                yield from _true(one)
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            yield from _true(left)
        case ast.NamedExpr(value=value):
            yield from _true(value)
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.Call() | ast.Await():
            yield test
