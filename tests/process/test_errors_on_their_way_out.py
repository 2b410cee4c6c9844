"""What an error replaced: another error on its way out, or one that a handler had dealt with."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from loopcheck.process import failure

PRICES: dict[str, int] = {}


def fail() -> None:
    raise ValueError("negative price")


def in_a_finally() -> None:
    try:
        fail()
    finally:
        assert not 1


def in_a_finally_after_a_handler_of_another_error() -> None:
    try:
        fail()
    except KeyError:
        pass
    finally:
        assert not 1


class Closing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None:
        assert not 1


def at_the_end_of_a_block() -> None:
    with Closing():
        fail()


@contextlib.contextmanager
def closing() -> Iterator[None]:
    try:
        yield
    finally:
        assert not 1


def in_a_generators_finally() -> None:
    with closing():
        fail()


def in_a_handler_that_raises_again() -> None:
    try:
        fail()
    except ValueError:
        PRICES["pen"]
        raise


def in_a_handler_for_some_errors_that_raises_again() -> None:
    try:
        fail()
    except (ValueError, KeyError) as error:
        if error.args:
            PRICES["pen"]
        raise


def in_a_handler() -> None:
    try:
        fail()
    except ValueError:
        assert not 1


def in_a_handler_inside_a_finally() -> None:
    try:
        pass
    finally:
        try:
            fail()
        except ValueError:
            assert not 1


def in_a_call_of_a_handler() -> None:
    try:
        fail()
    except ValueError:
        in_a_library()


def in_a_library() -> None:
    PRICES["pen"]


def in_a_handler_with_a_finally_of_its_own() -> None:
    try:
        fail()
    except ValueError:
        try:
            in_a_library()
        finally:
            print("done")


@pytest.mark.parametrize(
    "raises",
    [
        in_a_finally,
        in_a_finally_after_a_handler_of_another_error,
        at_the_end_of_a_block,
        in_a_generators_finally,
        in_a_handler_that_raises_again,
        in_a_handler_for_some_errors_that_raises_again,
    ],
)
def test_an_error_on_its_way_out_was_hidden(raises: Callable[[], None]) -> None:
    assert failure.hid_another(_first(raises))


@pytest.mark.parametrize(
    "raises",
    [
        in_a_handler,
        in_a_handler_inside_a_finally,
        in_a_call_of_a_handler,
        in_a_handler_with_a_finally_of_its_own,
        fail,
    ],
)
def test_an_error_that_a_handler_dealt_with_was_not(raises: Callable[[], None]) -> None:
    assert not failure.hid_another(_first(raises))


def _first(raises: Callable[[], None]) -> failure.Link:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        raises()
    return next(failure.chain(caught.value))
