"""pytest itself rewrites this file's assertions: what it keeps of them is what we read."""

import ast
import sys

import pytest

from loopcheck.source.values import asserted_values


def load() -> list[int]:
    return [3, 4]


def test_a_failed_assertion_keeps_its_calls_and_their_results_in_order() -> None:
    frame = sys._getframe()
    with pytest.raises(AssertionError):
        assert sum(load()) == len(load())
    kept = asserted_values.operands(frame)
    assert [one for one in kept if type(one) in (int, list, bool)] == [[3, 4], 7, False, [3, 4], 2]
    numbers = [number for number, _ in asserted_values.numbered(frame)]
    assert numbers == sorted(numbers)


def test_what_an_assertion_that_passed_kept_is_gone() -> None:
    assert sum(load()) > len(load())
    assert {*map(type, asserted_values.operands(sys._getframe()))} == {type(None)}


def test_the_values_of_a_statement_are_the_kept_ones_and_its_names() -> None:
    rows, other = load(), "not in the line"
    frame = sys._getframe()
    statement = ast.parse("assert rows == load()")
    with pytest.raises(AssertionError):
        assert rows == [*load(), 1]
    values = list(asserted_values.in_statement(frame, statement))
    assert any(one is rows for one in values)
    assert [3, 4, 1] in [one for one in values if type(one) is list]
    assert not any(one is other for one in values)


def test_names_that_only_resemble_those_of_pytest_are_left_alone() -> None:
    space: dict[str, object] = {
        "@py_assert12": 1,
        "@py_assert2": 2,
        "@py_assert": 3,
        "@py_format4": "4",
    }
    assert asserted_values.numbered(space) == [(2, 2), (12, 1)]
