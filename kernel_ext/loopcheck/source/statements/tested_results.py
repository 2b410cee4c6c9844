"""The calls whose result a line tests, compares or formats into a text, there or under a name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.light import dataclass
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import spans_line
from loopcheck.source.values import value_origins

_EQUALS = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)
_IDENTICAL = (ast.Is, ast.IsNot)
_SINGLES = (bool, type(None))
_SCALARS = (str, bytes, int, float, type(None))
_ROWS = (tuple, list, set, dict)


@dataclass(frozen=True, eq=False)
class TestedCall:
    """A call whose result is tested. A coroutine in its place is true, and equals nothing."""

    call: ast.Call
    text: bool = False  # it is formatted into a text
    compared: ast.Compare | ast.Match | None = None  # else its truth counts

    def differs(self, result: object) -> bool:
        """Return whether the plain *result* has another outcome here than a coroutine."""
        if self.compared is None:
            return not result
        return _agrees(self.compared, result)


def calls_tested_at(file: str, line: int) -> list[TestedCall]:
    """Return the calls in that line whose result is tested."""
    found = []
    for node in parsed_files.standing_at(file, line) if project_files.owner(file) == "user" else ():
        texts = _formatted(node)
        compared = node if isinstance(node, ast.Compare | ast.Match) else None
        for one in (*texts, *_truth_tested(node), *_compared(node)):
            if isinstance(one, ast.Call) and spans_line(one, line):
                found.append(TestedCall(one, one in texts, compared))
    return found


def call_tested_later(file: str, line: int, name: str) -> TestedCall | None:
    """Return the only call that assigns *name* in the function around *line*, if that tests it."""
    around = parsed_files.enclosing(file, line)
    tests = [
        node if isinstance(node, ast.Compare | ast.Match) else None
        for node in (ast.walk(around[0]) if around else ())
        for one in (*_truth_tested(node), *_compared(node))
        if isinstance(one, ast.Name) and one.id == name
    ]
    given = list(value_origins.given(around[0], name)) if tests else []
    if len(given) != 1 or not isinstance(given[0], ast.Call):
        return None
    return TestedCall(given[0], compared=tests[0] if len(tests) == 1 else None)


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
        case ast.Call(func=ast.Name(id="bool"), args=[given]):
            return [given]
        case ast.Call(func=ast.Name(id="all" | "any"), args=[ast.GeneratorExp() as each]):
            return [each.elt]
        case ast.Call(func=ast.Name(id="all" | "any"), args=[ast.ListComp() as each]):
            return [each.elt]
        case ast.Call(func=ast.Name(id="filter"), args=[ast.Lambda(body=body), _]):
            return [body]
    return []


def _compared(node: ast.AST) -> Iterator[ast.expr]:
    """Yield what *node* compares with a literal: a coroutine differs from each."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            if isinstance(op, ast.In | ast.NotIn):
                yield from [left] if _literal(right) is not _UNKNOWN else ()
            elif isinstance(op, _EQUALS):
                yield from [left] if _literal(right) is not _UNKNOWN else ()
                yield from [right] if _literal(left) is not _UNKNOWN else ()
        case ast.Match(subject=subject):
            yield subject


def _agrees(compared: ast.Compare | ast.Match, result: object) -> bool:
    """Return whether *result* is equal to a literal of *compared*, or in it."""
    if not isinstance(result, _SCALARS) and not _is_empty(result):
        return False  # comparing its parts may run user code
    if isinstance(compared, ast.Match):
        cases = [part for one in compared.cases for part in ast.walk(one.pattern)]
        values = [_literal(one.value) for one in cases if isinstance(one, ast.MatchValue)]
        singles = [one.value for one in cases if isinstance(one, ast.MatchSingleton)]
        return any(result == one for one in values) or any(result is one for one in singles)
    [op], right = compared.ops, _literal(compared.comparators[0])
    if isinstance(op, ast.In | ast.NotIn):
        if isinstance(right, str | bytes):
            return type(result) is type(right) and result in right  # type: ignore[operator]
        rows = right if isinstance(right, _ROWS) else ()
        return any(result == one for one in rows)
    other = _literal(compared.left) if right is _UNKNOWN else right
    if isinstance(op, _IDENTICAL):
        return isinstance(result, _SINGLES) and result is other
    return bool(result == other)


def _is_empty(result: object) -> bool:
    return isinstance(result, tuple | list | set | frozenset | dict) and not result


_UNKNOWN = object()


def _literal(node: ast.expr) -> object:
    try:
        found: object = ast.literal_eval(node)
    except (ValueError, TypeError, MemoryError, RecursionError):
        return _UNKNOWN
    return found


def _formatted(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.FormattedValue(value=value):
            return [value]
        case ast.Call(func=ast.Name(id="str"), args=args):
            return args
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="format"), args=args):
            return args
    return []
