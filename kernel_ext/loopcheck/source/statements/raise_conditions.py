"""The condition under which a line raises: `if self._loop is not loop: raise …`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import parsed_files
from loopcheck.source.definitions import Kinds
from loopcheck.source.nodes import body_spans_line

_BLOCKS = ("body", "orelse", "finalbody")
_LEAVES = (ast.Return, ast.Continue, ast.Break)  # after a `raise` there is an error as well


def condition_of(filename: str, line: int) -> ast.expr | None:
    """Return what the `if` right around the `raise` or `fail()` at *line* has found to be true."""
    standing = list(parsed_files.standing_at(filename, line))
    if not any(isinstance(node, ast.Raise) or _fails(node) for node in standing):
        return None
    around = [one for one in standing if isinstance(one, ast.If) and one.lineno != line]
    inner = max(around, key=lambda one: one.lineno, default=None)
    return inner.test if inner is not None and body_spans_line(inner.body, line) else None


def _fails(node: ast.AST) -> bool:
    """Return whether *node* ends a test: `pytest.fail("…")`, `self.fail()`."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="fail") | ast.Name(id="fail"))):
            return True
    return False


def decided_by(filename: str, line: int) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the conditions that led to the `raise` at *line*, and what each turned out to be.

    They are of the `if`s around it, and of those above it whose body leaves without an error.
    """
    standing = list(parsed_files.standing_at(filename, line))
    if not any(isinstance(node, ast.Raise) for node in standing):
        return
    first = max((at for at, node in enumerate(standing) if isinstance(node, Kinds)), default=0)
    for node in standing[first:]:
        if isinstance(node, ast.If):
            yield node.test, body_spans_line(node.body, line)
        for block in (getattr(node, name, None) for name in _BLOCKS):
            if isinstance(block, list) and body_spans_line(block, line):
                yield from _passed(block, line)


def _passed(block: list[ast.stmt], line: int) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the conditions above *line* in *block* that would have led away from it.

    Also those in a `for`: its variable is still the last item, for which none was true.
    """
    for step in block:
        if (step.end_lineno or step.lineno) >= line:
            return
        if isinstance(step, ast.If) and isinstance(step.body[-1], _LEAVES):
            yield step.test, False
        elif isinstance(step, ast.For):
            for inner in step.body:
                if isinstance(inner, ast.If) and isinstance(inner.body[-1], ast.Return):
                    yield inner.test, False


def found_different(filename: str, line: int) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    """Yield an attribute and what it is compared with: *line* raises as they are not the same."""
    standing = list(parsed_files.standing_at(filename, line))
    if not any(isinstance(node, ast.Raise) for node in standing):
        return
    for node in standing:
        if isinstance(node, ast.If):
            then = body_spans_line(node.body, line)
            yield from _compared(node.test, _DIFFERENT if then else _SAME)


_DIFFERENT = (ast.IsNot, ast.NotEq, ast.NotIn)
_SAME = (ast.Is, ast.Eq, ast.In)


def _compared(
    test: ast.expr, wanted: tuple[type[ast.cmpop], ...]
) -> Iterator[tuple[ast.Attribute, ast.expr]]:
    for node in ast.walk(test):
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if isinstance(op, wanted):
                among = isinstance(op, ast.In | ast.NotIn)
                if isinstance(left, ast.Attribute):
                    yield from ((left, one) for one in (_members(right) if among else [right]))
                if isinstance(right, ast.Attribute) and not among:
                    yield right, left


def _members(node: ast.expr) -> list[ast.expr]:
    """Return the items of a tuple, list or set: those of `x not in (None, loop)`."""
    return node.elts if isinstance(node, ast.Tuple | ast.List | ast.Set) else []
