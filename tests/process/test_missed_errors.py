"""Which block waits for an error that never came: pytest's `raises`, unittest's `assertRaises`."""

import io
import unittest
from collections.abc import Callable

import pytest

from loopcheck.process.pending import premature_asserts


def by_pytest() -> None:
    with pytest.raises(LookupError):
        ""


def by_unittest() -> None:
    with unittest.TestCase().assertRaises(LookupError):  # noqa: PT027
        ""


def by_hand() -> None:
    with io.StringIO():
        raise AssertionError("LookupError not raised")


@pytest.mark.parametrize(("block", "line"), [(by_pytest, 13), (by_unittest, 18), (by_hand, None)])
def test_the_block_that_waits_is_found(block: Callable[[], None], line: int | None) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)) as caught:
        block()
    missed = premature_asserts.did_not_raise(caught.value)
    assert (missed.line if missed is not None else None) == line
