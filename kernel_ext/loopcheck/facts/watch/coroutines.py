"""Coroutines that were made and never awaited: dropped ones, and those that are still held."""

import asyncio
import gc
import inspect
import sys
import warnings
import weakref
from collections.abc import Callable
from types import CoroutineType
from typing import Any

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import objects, source
from loopcheck.facts.records import Place

DEPTH = 8  # callers that Python keeps of each coroutine made meanwhile
KEPT = 200
Origin = tuple[tuple[str, int, str], ...]


class Dropped:
    """Names and origins of coroutines that were collected unawaited. Holds no coroutine."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Origin]] = []
        self._warn: Any = getattr(warnings, "_warn_unawaited_coroutine", None)
        self._depth = sys.get_coroutine_origin_tracking_depth()
        self._active = True
        self._before = weakref.WeakSet(_waiting())

    def install(self) -> Callable[[], None]:
        """Keep where coroutines are made, and note those that Python warns about."""
        sys.set_coroutine_origin_tracking_depth(max(DEPTH, self._depth))
        if self._warn is not None:
            warnings._warn_unawaited_coroutine = self._noted  # type: ignore[attr-defined]
        return self.undo

    def undo(self) -> None:
        if not self._active:
            return
        self._active = False
        sys.set_coroutine_origin_tracking_depth(self._depth)
        if getattr(warnings, "_warn_unawaited_coroutine", None) == self._noted:
            warnings._warn_unawaited_coroutine = self._warn  # type: ignore[attr-defined]

    def _noted(self, coroutine: Any) -> None:
        if self._active and type(coroutine) is CoroutineType and len(self.seen) < KEPT:
            self.seen.append((coroutine.__qualname__, tuple(coroutine.cr_origin or ())))
        # Python's own words, without the eight callers that it would add while we keep them
        said = f"coroutine '{coroutine.__qualname__}' was never awaited"
        warnings.warn(said, RuntimeWarning, stacklevel=2, source=coroutine)

    def read(self, labels: Labels) -> list[tuple[str, Place | None]]:
        """Return name and line of each: the dropped, then those that are still held."""
        held = [one for one in _waiting() if one not in self._before]
        found = [*self.seen, *((one.__qualname__, tuple(one.cr_origin or ())) for one in held)]
        return [(name, _users(origin, labels)) for name, origin in found]


def _waiting() -> list[Any]:
    """Return the coroutines of the user's that nobody has begun to await, in nobody's task."""
    heap = gc.get_objects()
    coroutines = [thing for thing in heap if type(thing) is CoroutineType]
    new = [one for one in coroutines if inspect.getcoroutinestate(one) == inspect.CORO_CREATED]
    if not new:
        return []
    tasks = [thing for thing in heap if objects.is_a(thing, asyncio.Task)]
    taken = {id(asyncio.Task.get_coro(task)) for task in tasks}
    return [one for one in new if id(one) not in taken]


def _users(origin: Origin, labels: Labels) -> Place | None:
    for filename, line, name in origin:
        if source.owner(filename) == "user":
            return Place(labels.file(filename), line, name)
    return None
