"""The calls whose result a line tests for truth or formats into a text, there or under a name."""

from __future__ import annotations

import ast

from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import spans_line
from loopcheck.source.values import value_origins


def calls_tested_at(file: str, line: int) -> list[tuple[ast.Call, bool]]:
    """Return the calls in that line whose result is tested, each with whether it is in a text."""
    found = []
    for node in parsed_files.standing_at(file, line) if project_files.owner(file) == "user" else ():
        texts = _formatted(node)
        for one in (*texts, *_truth_tested(node)):
            if isinstance(one, ast.Call) and spans_line(one, line):
                found.append((one, one in texts))
    return found


def call_tested_later(file: str, line: int, name: str) -> ast.Call | None:
    """Return the only call that assigns *name* in the function around *line*, if that tests it."""
    around = parsed_files.enclosing(file, line)
    nodes = ast.walk(around[0]) if around else ()
    if name not in {one.id for node in nodes for one in _names_tested(node)}:
        return None
    given = list(value_origins.given(around[0], name))
    return given[0] if len(given) == 1 and isinstance(given[0], ast.Call) else None


def _names_tested(node: ast.AST) -> list[ast.Name]:
    """Return the names that *node* tests for truth or for None."""
    match node:
        case ast.Compare(left=ast.Name() as left, comparators=[ast.Constant(value=None)]):
            return [left]
    return [one for one in _truth_tested(node) if isinstance(one, ast.Name)]


def _truth_tested(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            return [test]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return [operand]
        case ast.BoolOp(values=values):
            return values[:-1]  # the last one may be the wanted result
        case ast.comprehension(ifs=ifs):
            return ifs
    return []


def _formatted(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.FormattedValue(value=value):
            return [value]
        case ast.Call(func=ast.Name(id="str"), args=args):
            return args
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format"), args=args):
            return args
    return []
