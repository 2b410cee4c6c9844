"""The watch of coroutines that nobody awaited: where each died, and Python's words as they were."""

import asyncio
import sys
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from loopcheck.process.errors.destructor_errors import DROPPED_AT
from loopcheck.source.coroutines import unawaited_warnings
from loopcheck.watch import thrown_away

HERE = __file__


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    undo = thrown_away.install()
    thrown_away._moment = -1  # what an earlier test left is not of this one
    yield
    undo()


async def work() -> None:
    """Nothing."""


def throw_away() -> warnings.WarningMessage:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        work()  # type: ignore[unused-coroutine]
    [one] = seen
    return one


def test_the_warning_stays_at_its_line_and_in_its_words() -> None:
    ours = throw_away()
    thrown_away._hook()()  # nothing is changed for those who come later
    assert (ours.filename, str(ours.message)) == (HERE, "coroutine 'work' was never awaited")


def test_a_loop_that_runs_there_is_noted() -> None:
    async def test() -> warnings.WarningMessage:
        return throw_away()

    inside = asyncio.run(test())
    assert thrown_away.amid_a_loop(work.__code__, inside.filename, inside.lineno)


def test_where_no_loop_runs_none_is_noted() -> None:
    outside = throw_away()
    assert not thrown_away.amid_a_loop(work.__code__, outside.filename, outside.lineno)


def as_an_error(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what Python hands to its hook where a filter turns the warning into an error."""
    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda given: seen.append(given.exc_value))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        work()  # type: ignore[unused-coroutine]
    [one] = seen
    return one


def test_the_lines_that_create_a_coroutine_are_recorded() -> None:
    one = work()
    origin: Any = one.cr_origin  # type: ignore[attr-defined]
    one.close()
    assert len(origin) == thrown_away.DEPTH
    assert origin[0][0] == HERE


def test_an_error_has_python_s_words_and_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = as_an_error(monkeypatch)
    with monkeypatch.context() as without:
        without.setattr(warnings, unawaited_warnings.HOOK, warnings_own())
        sys.set_coroutine_origin_tracking_depth(0)
        theirs = as_an_error(without)
        sys.set_coroutine_origin_tracking_depth(thrown_away.DEPTH)
    assert str(ours) == str(theirs) == "coroutine 'work' was never awaited"
    ours, theirs = (traceback.format_exception(one) for one in (ours, theirs))
    assert ours == theirs


def warnings_own() -> Any:
    """Return Python's own function, from a copy of its module."""
    import importlib.util

    spec = importlib.util.find_spec("warnings")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, unawaited_warnings.HOOK)


def test_an_error_knows_the_line_that_dropped_it(monkeypatch: pytest.MonkeyPatch) -> None:
    error = as_an_error(monkeypatch)
    file, line = getattr(error, DROPPED_AT)
    first = as_an_error.__code__.co_firstlineno
    assert file == HERE
    assert first < line < first + 10


def test_in_debug_mode_the_warning_has_the_lines_that_python_adds() -> None:
    async def test() -> warnings.WarningMessage:
        return throw_away()

    said = str(asyncio.run(test(), debug=True).message)
    assert "Coroutine created at (most recent call last)" in said
    assert "work()" in said


def test_a_depth_that_the_user_has_set_stays_and_so_do_the_lines() -> None:
    before = sys.get_coroutine_origin_tracking_depth()
    assert before == thrown_away.DEPTH
    sys.set_coroutine_origin_tracking_depth(8)
    try:
        said = str(throw_away().message)
    finally:
        sys.set_coroutine_origin_tracking_depth(before)
    assert "Coroutine created at (most recent call last)" in said
