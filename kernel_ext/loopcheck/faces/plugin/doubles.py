"""Watches where doubles are made, in runs whose tests know `unittest.mock`."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest


class Doubles:
    """The hook that a run pays for: one, when all tests are collected."""

    def __init__(self) -> None:
        self.cleanups: list[Callable[[], None]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self) -> None:
        if "unittest.mock" in sys.modules and not self.cleanups:
            from loopcheck.facts.watch import mocks  # late: many runs have no mock

            self.cleanups.append(mocks.install())

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()
