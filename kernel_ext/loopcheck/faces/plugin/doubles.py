"""Watches where doubles are made, in runs whose tests know `unittest.mock`."""

from __future__ import annotations

import sys
from collections.abc import Callable


class Doubles:
    """What a run pays for: a question, when all tests are collected."""

    def __init__(self) -> None:
        self.cleanups: list[Callable[[], None]] = []

    def collected(self) -> None:
        if "unittest.mock" in sys.modules and not self.cleanups:
            from loopcheck.facts.watch import mocks  # late: many runs have no mock

            self.cleanups.append(mocks.install())

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()
