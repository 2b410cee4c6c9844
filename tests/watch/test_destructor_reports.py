"""pytest before 8.4 reports in words what a destructor raised: the error itself is kept."""

import sys
import warnings
from types import TracebackType
from typing import Any

import pytest

from loopcheck.process.errors import destructor_errors
from loopcheck.watch.runs import destructor_reports


class catch_unraisable_exception:
    """The block of pytest 8.3, which forgets the error at its end."""

    def __enter__(self) -> "catch_unraisable_exception":
        self.unraisable: Any = None
        self._old_hook = sys.unraisablehook
        sys.unraisablehook = lambda unraisable: setattr(self, "unraisable", unraisable)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.unraisablehook = self._old_hook
        del self.unraisable


async def never_awaited() -> None:
    raise AssertionError


def run_and_report() -> None:
    with catch_unraisable_exception() as block, warnings.catch_warnings():
        warnings.simplefilter("error")
        never_awaited()  # type: ignore[unused-coroutine]
        if block.unraisable:
            raise pytest.PytestUnraisableExceptionWarning("Exception ignored in: …")


def reported(monkeypatch: pytest.MonkeyPatch, *, watched: bool) -> list[Any]:
    module = sys.modules["_pytest.unraisableexception"]
    name = catch_unraisable_exception.__name__
    monkeypatch.setattr(module, name, catch_unraisable_exception, raising=False)
    undo = destructor_reports.install() if watched else lambda: None
    try:
        with pytest.raises(pytest.PytestUnraisableExceptionWarning) as raised:
            run_and_report()
    finally:
        undo()
    return destructor_errors.of(raised.value)


def test_the_error_of_the_destructor_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    [error] = reported(monkeypatch, watched=True)
    assert type(error) is RuntimeWarning
    assert "never_awaited" in str(error)


def test_after_the_undo_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    method = catch_unraisable_exception.__exit__
    assert reported(monkeypatch, watched=True)
    assert catch_unraisable_exception.__exit__ is method
    assert reported(monkeypatch, watched=False) == []
