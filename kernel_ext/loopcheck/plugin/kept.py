"""Looks for failed tasks that are still referenced when the last test is torn down."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

from loopcheck.plugin.ours import guarded
from loopcheck.watch import loop_leaks

if TYPE_CHECKING:
    from loopcheck.plugin.found import Found


class Kept:
    """For Python 3.14 and newer, where closing loops can't report failed tasks: one walk a run."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, nextitem: object) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        try:
            return (yield)
        finally:
            if nextitem is None:
                with guarded("look at what a test left", self.found.notes):
                    loop_leaks.note_kept()
