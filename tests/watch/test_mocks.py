"""The watch of doubles: it knows the line that made one, keeps none of them, and goes away."""

import gc
import sys
import weakref
from collections.abc import Iterator
from unittest.mock import AsyncMock, MagicMock, NonCallableMock, create_autospec, patch

import pytest

from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.watch import mock_makers

HERE = sys._getframe().f_code.co_filename


class Repo:
    async def get(self) -> None:
        """Nothing."""


@pytest.fixture
def watched() -> Iterator[None]:
    undo = mock_makers.install()
    yield
    undo()


def line_here() -> int:
    return sys._getframe(1).f_lineno


@pytest.mark.usefixtures("watched")
def test_the_line_that_makes_a_double_is_known() -> None:
    one, line = MagicMock(), line_here()
    assert mock_makers.made_at(one) == (HERE, line)
    other, line = create_autospec(Repo, instance=True), line_here()
    assert mock_makers.made_at(other) == (HERE, line)
    with patch.object(Repo, "get") as third:
        assert mock_makers.made_at(third) == (HERE, line_here() - 1)


@pytest.mark.usefixtures("watched")
def test_what_a_double_makes_by_itself_has_no_line() -> None:
    one = MagicMock()
    assert mock_makers.made_at(one.child) is None
    assert mock_makers.made_at(one.child()) is None
    one.child = AsyncMock()
    assert mock_makers.made_at(one.child) is not None


@pytest.mark.usefixtures("watched")
def test_no_double_is_kept_alive() -> None:
    one = MagicMock()
    gone = weakref.ref(one)
    del one
    gc.collect()
    assert gone() is None


@pytest.mark.usefixtures("watched")
def test_a_double_whose_own_methods_are_set_is_not_asked() -> None:
    one = MagicMock()
    one.__eq__ = MagicMock(side_effect=AssertionError)  # type: ignore[method-assign]
    one.__hash__ = MagicMock(side_effect=AssertionError)  # type: ignore[method-assign]
    assert mock_makers.made_at(one) is not None


def test_undone_the_classes_are_as_they_were() -> None:
    init = NonCallableMock.__init__
    first, second = mock_makers.install(), mock_makers.install()
    first()
    first()
    assert NonCallableMock.__init__ is not init
    second()
    assert NonCallableMock.__init__ is init


def test_reading_a_double_makes_no_child() -> None:
    one = MagicMock()
    one.get.return_value = {"a": 1}
    one.get(7)
    before = repr(sorted(one._mock_children)), one.get.call_count
    assert doubles.given(doubles.child(one, "get")) == {"a": 1}
    assert doubles.child(one, "put") is objects.UNKNOWN
    assert doubles.calls(one) == 0
    assert (repr(sorted(one._mock_children)), one.get.call_count) == before
