"""Coroutines that were created and never awaited: dropped ones, and those still referred to."""

from __future__ import annotations

import asyncio
import inspect
import sys
import warnings
import weakref
from collections.abc import Callable, Iterable
from itertools import islice
from types import CoroutineType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import futures, objects
from loopcheck.records import Place
from loopcheck.source import project_files
from loopcheck.source.coroutines import unawaited_warnings

DEPTH = 8  # callers that Python records for each coroutine created meanwhile
KEPT = 200
EACH = 2_000  # objects to look at below one name
Origin = tuple[tuple[str, int, str], ...]


class Dropped:
    """Names and origins of coroutines that were collected unawaited. Holds no coroutine."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Origin]] = []
        self._warn: Any = getattr(warnings, unawaited_warnings.HOOK, None)
        self._depth = sys.get_coroutine_origin_tracking_depth()
        self._active = True
        self._before: weakref.WeakSet[Any] = weakref.WeakSet()

    def install(self, names: Iterable[tuple[str, object]] = ()) -> Callable[[], None]:
        """Record where coroutines are created, and which ones Python warns about.

        Coroutines that *names* already lead to do not count.
        """
        self._before = weakref.WeakSet(_waiting(names))
        sys.set_coroutine_origin_tracking_depth(max(DEPTH, self._depth))
        if self._warn is not None:
            setattr(warnings, unawaited_warnings.HOOK, self._noted)
        return self.undo

    def undo(self) -> None:
        if not self._active:
            return
        self._active = False
        sys.set_coroutine_origin_tracking_depth(self._depth)
        if getattr(warnings, unawaited_warnings.HOOK, None) == self._noted:
            setattr(warnings, unawaited_warnings.HOOK, self._warn)

    def _noted(self, coroutine: Any) -> None:
        known = self._active and type(coroutine) is CoroutineType and len(self.seen) < KEPT
        # Without an origin it was created before, and only freed now: a traceback had held it
        if known and (coroutine.cr_origin or self._depth):
            self.seen.append((coroutine.__qualname__, tuple(coroutine.cr_origin or ())))
        # Python's own message, without the eight callers that it would add while we record them
        said = unawaited_warnings.words(coroutine)
        warnings.warn(said, RuntimeWarning, stacklevel=2, source=coroutine)

    def read(
        self, labels: Labels, names: Iterable[tuple[str, object]] = ()
    ) -> list[tuple[str, Place | None]]:
        """Return name and line of each: the dropped ones, then those that *names* still lead to."""
        held = [one for one in _waiting(names) if one not in self._before]
        found = [*self.seen, *((one.__qualname__, tuple(one.cr_origin or ())) for one in held)]
        return [(name, _users(origin, labels)) for name, origin in found]


def _waiting(names: Iterable[tuple[str, object]]) -> list[Any]:
    """Return the never-awaited coroutines under *names* that belong to no task."""
    found: dict[int, Any] = {}
    for _, value in names:
        for _, thing, _ in islice(objects.walk(value), EACH):
            if type(thing) is CoroutineType:
                found[id(thing)] = thing
    new = [one for one in found.values() if inspect.getcoroutinestate(one) == inspect.CORO_CREATED]
    taken = {id(futures.coroutine(task)) for task in _tasks()} if new else set()
    return [one for one in new if id(one) not in taken]


def _tasks() -> set[asyncio.Task[Any]]:
    loop = asyncio._get_running_loop()
    return asyncio.all_tasks(loop) if loop is not None else set()


def _users(origin: Origin, labels: Labels) -> Place | None:
    for filename, line, name in origin:
        if project_files.owner(filename) == "user":
            return Place(labels.file(filename), line, name)
    return None
