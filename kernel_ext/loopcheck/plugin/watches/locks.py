"""Watches a store's locks, in runs that have loaded a client with locks."""

from __future__ import annotations

import sys
from collections.abc import Callable

LIBRARIES = ("valkey.lock", "redis.lock", "valkey.asyncio.lock", "redis.asyncio.lock")


class Locks:
    """Checks after imports whether there is something new to watch."""

    def __init__(self) -> None:
        self.known: tuple[bool, ...] = ()
        self.undo: Callable[[], None] | None = None

    def loaded(self) -> None:
        """Watch the clients imported by now."""
        modules = sys.modules
        loaded = tuple([name in modules for name in LIBRARIES])
        if loaded != self.known:
            self.known = loaded
            if any(loaded):
                self._watch()

    def _watch(self) -> None:
        from loopcheck.watch.stores import locks  # late: most runs have no locks of this kind

        before, self.undo = self.undo, None
        if before is not None:
            before()
        self.undo = locks.install()

    def end(self) -> None:
        if self.undo is not None:
            self.undo()
