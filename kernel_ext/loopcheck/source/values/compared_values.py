"""The two sides of a failed comparison, and what one of them has more than the other."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import FrameType
from typing import Any

from loopcheck.process import objects
from loopcheck.source.values import asserted_values, assertions, meaning

Compare = Callable[[object, object], list[object]]
Sides = tuple[object, object]
_ROWS = (list, tuple, set, frozenset)


def sides(test: ast.expr, frame: FrameType) -> list[Sides]:
    """Return the compared values, each as the actual one if the other is known by itself."""
    match test:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            one, other = operands(test, frame)
        case _:
            return []
    both = [(one, _literal(right, frame)), (other, _literal(left, frame))]
    return [pair for pair in both if all(map(meaning.known, pair))]


def operands(node: ast.Compare, frame: FrameType, *, whole: bool = True) -> Sides:
    """Return the compared values; if *node* is the *whole* test, pytest keeps those of calls.

    pytest numbers the left side, then the result, then the right side, each after its parts.
    """
    values = asserted_values.numbered(frame) if whole else []
    answer = next((number for number, value in values if value is False), None)
    left = [value for number, value in values if answer is not None and number < answer]
    right = [value for number, value in values if answer is not None and number > answer]
    return _operand(node.left, left, frame), _operand(node.comparators[0], right, frame)


def _operand(node: ast.expr, kept: list[object], frame: FrameType) -> object:
    found = _written(node)
    if not meaning.known(found):
        found = meaning.of_run(node, frame)
    if meaning.known(found):
        return found
    return kept[-1] if kept else objects.UNKNOWN


def _literal(node: ast.expr, frame: FrameType) -> object:
    found = _written(node)
    return found if meaning.known(found) else meaning.of(node, frame)


def _written(node: ast.expr) -> object:
    """Return the value of *node* if its text says all of it."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return objects.UNKNOWN


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
