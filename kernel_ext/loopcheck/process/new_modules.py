"""Modules that were imported since the last look: a suite may import one before each test."""

from __future__ import annotations

import sys
from itertools import filterfalse


class NewModules:
    """Tells each module once."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def names(self) -> list[str]:
        """Return the modules that are new, in the order of their imports."""
        # A copy: other threads import meanwhile. A list of pairs would be long enough to start a
        # garbage collection.
        new = list(filterfalse(self._known.__contains__, list(sys.modules)))
        self._known.update(new)
        return new

    def forget(self) -> None:
        """Take all modules for new ones again."""
        self._known.clear()
