"""Failures of one cause have one fingerprint; another line, word or cause gives another."""

import asyncio

import pytest

from loopcheck.process import fingerprint


def refuse(words: object, cause: BaseException | None = None, kind: type = ValueError) -> None:
    raise kind(words) from cause


def caught(*given: object, **more: object) -> fingerprint.Fingerprint:
    try:
        refuse(*given, **more)  # type: ignore[arg-type]
    except BaseException as error:
        return fingerprint.of_error(error)
    raise AssertionError("nothing was raised")


def test_numbers_and_addresses_make_no_difference() -> None:
    first, second = "no row 12 in <Table at 0x7f1a>", "no row 7 in <Table at 0x55bb>"
    assert caught(first) == caught(second)


@pytest.mark.parametrize("other", ["no row in 'users'", "no column in 'carts'"])
def test_other_words_are_another_fault(other: str) -> None:
    assert caught("no row in 'carts'") != caught(other)


def test_the_values_that_an_assertion_compares_make_no_difference() -> None:
    first, second = "assert 'a' == 'b'", "assert 'x' == 'y'"
    assert caught(first, kind=AssertionError) == caught(second, kind=AssertionError)


def test_another_number_of_the_system_is_another_fault() -> None:
    assert caught(111, kind=OSError) != caught(113, kind=OSError)


def test_another_cause_is_another_fault() -> None:
    assert caught("x", KeyError("a")) != caught("x", asyncio.CancelledError())


def test_another_way_to_the_same_line_is_another_fault() -> None:
    found = []
    for first in (True, False):
        try:
            if first:
                refuse("x")
            else:
                refuse("x")
        except ValueError as error:
            found.append(fingerprint.of_error(error))
    assert found[0] != found[1]


def test_an_error_of_a_group_counts_and_nothing_of_the_users_is_called() -> None:
    class Odd(Exception):
        def __str__(self) -> str:
            raise AssertionError

        def __eq__(self, other: object) -> bool:
            raise AssertionError

        __hash__ = None  # type: ignore[assignment]

    one = ExceptionGroup("both", [Odd("a"), ValueError(Odd())])
    other = ExceptionGroup("both", [Odd("b"), ValueError(Odd())])
    assert fingerprint.of_error(one) == fingerprint.of_error(one)
    assert fingerprint.of_error(one) != fingerprint.of_error(other)
