"""Frames that `assertRaises` would clear stay until the failure is explained, and no longer."""

import gc
import unittest
import unittest.case as theirs
import weakref
from collections.abc import Iterator

import pytest

from loopcheck.watch.runs import cleared_frames

expecting = unittest.TestCase().assertRaises
CONTEXT = theirs._AssertRaisesContext


class Thing:
    pass


def fail(with_error: type[Exception]) -> None:
    thing = Thing()
    raise with_error(str(type(thing)))


@pytest.fixture
def watch() -> Iterator[None]:
    undo = cleared_frames.install()
    yield
    undo()


def left_block(error: type[Exception]) -> BaseException:
    """Return an error that has left a block which expects a KeyError."""
    try:
        with expecting(KeyError):
            fail(error)
    except Exception as passed:
        return passed
    raise AssertionError("nothing left it")


def names(error: BaseException) -> list[str]:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    assert trace is not None
    return [*trace.tb_frame.f_locals]


def test_they_are_kept_until_they_are_cleared(watch: None) -> None:
    error = left_block(OSError)
    assert "thing" in names(error)
    cleared_frames.clear(error)
    assert names(error) == []


def test_those_of_an_error_behind_it_are_cleared_too(watch: None) -> None:
    first = left_block(OSError)
    last = ValueError()
    last.__cause__ = first
    cleared_frames.clear(last)
    assert names(first) == []


def test_an_error_that_nobody_reports_keeps_nothing_alive(watch: None) -> None:
    error = left_block(OSError)
    trace = error.__traceback__
    assert trace is not None
    assert trace.tb_next is not None
    thing = weakref.ref(trace.tb_next.tb_frame.f_locals["thing"])
    del error, trace
    gc.collect()
    assert thing() is None


def test_an_expected_error_is_unittests_alone(watch: None) -> None:
    with expecting(OSError) as seen:
        fail(OSError)
    assert seen.exception.__traceback__ is None
    with pytest.raises(AssertionError, match="OSError not raised"), expecting(OSError):
        pass


def test_nothing_stays_of_it() -> None:
    before = CONTEXT.__exit__
    undo = cleared_frames.install()
    assert CONTEXT.__exit__ is not before
    undo()
    assert CONTEXT.__exit__ is before
    assert names(left_block(OSError)) == []


def test_no_frame_of_ours_is_in_the_error_of_a_block_that_expects_another(watch: None) -> None:
    with pytest.raises(AssertionError) as seen, expecting(OSError):
        pass
    assert cleared_frames.__file__ not in [str(one.path) for one in seen.traceback]
