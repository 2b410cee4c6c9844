"""The two sides of a failed comparison, and what one of them has more than the other."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import FrameType
from typing import Any

from loopcheck.source.values import asserted_values, assertions, meaning

Compare = Callable[[object, object], list[object]]
Sides = tuple[object, object]  # the actual value, and the expected one
_ROWS = (list, tuple, set, frozenset)


def sides(test: ast.expr, frame: FrameType) -> list[Sides]:
    """Return the pairs that may have been compared: pytest keeps the values of a failed assert."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            pass
        case _:
            return []
    kept = asserted_values.operands(frame)
    both = []
    for one, other in ((left, right), (right, left)):
        expected = _literal(other, frame)
        said = meaning.of_run(one, frame)
        actual = [said] if meaning.known(said) else kept
        if meaning.known(expected):
            both += [(each, expected) for each in actual]
    return both


def _literal(node: ast.expr, frame: FrameType) -> object:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return meaning.of(node, frame)


def surplus(actual: object, expected: object) -> list[object]:
    """Return what *actual* has beside all that is *expected*; empty if anything is missing.

    Of a number it is the difference, and of a dict also what its numbers have more.
    """
    return _of_copies(_surplus, actual, expected)


def displacing(actual: object, expected: object) -> list[object]:
    """Return what *actual* has in place of something *expected*: a limit cut that off."""
    return _of_copies(_displacing, actual, expected)


def _of_copies(compare: Compare, actual: object, expected: object) -> list[object]:
    try:
        return compare(assertions.copied(actual), assertions.copied(expected))
    except (assertions.Unknown, TypeError, RecursionError):
        return []


def _displacing(actual: Any, expected: Any) -> list[object]:
    same = type(actual) is type(expected) and type(actual) in (list, tuple)
    if not same or len(actual) != len(expected):
        return []
    return [one for one in actual if one not in expected]


def _surplus(actual: object, expected: object) -> list[object]:
    if type(actual) is not type(expected):
        return []
    if type(actual) is int and type(expected) is int:
        return [actual - expected] if actual > expected else []
    if type(actual) is dict and type(expected) is dict:
        return _more_entries(actual, expected)
    if type(actual) in _ROWS:
        return _more_rows(list(actual), list(expected))  # type: ignore[call-overload]
    return []


def _more_rows(there: list[object], wanted: list[object]) -> list[object]:
    for one in wanted:
        if one not in there:
            return []
        there.remove(one)
    return there


def _more_entries(actual: dict[object, object], expected: dict[object, object]) -> list[object]:
    if expected.keys() - actual.keys():
        return []
    found: list[object] = [(key, actual[key]) for key in actual.keys() - expected.keys()]
    for key, wanted in expected.items():
        if actual[key] == wanted:
            continue
        more = _surplus(actual[key], wanted)
        if not more:
            return []
        found.append((key, *more))
    return found
