"""Watches where mocks are made, in runs whose tests use `unittest.mock`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path


class Doubles:
    """A run's cost: one check for each test file, until one uses mocks."""

    def __init__(self) -> None:
        self.cleanups: list[Callable[[], None]] = []

    def importing(self, file: Path) -> None:
        """Watch before *file* is imported: that makes the mocks of a module or a class."""
        if not self.cleanups and "unittest.mock" not in sys.modules and _has_doubles(file):
            importlib.import_module("unittest.mock")  # 10 ms, which the file would take itself
        self.collected()

    def collected(self) -> None:
        if "unittest.mock" in sys.modules and not self.cleanups:
            from loopcheck.watch import mock_makers  # late: many runs use no mock

            self.cleanups.append(mock_makers.install())

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()


def _has_doubles(file: Path) -> bool:
    try:
        return "mock" in file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
