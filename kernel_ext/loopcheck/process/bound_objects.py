"""Everything bound to a loop that is reachable from a name, with the path to the loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator

from loopcheck.labels import Labels
from loopcheck.process import object_names, objects
from loopcheck.records import BoundRecord, LoopRecord, Subject

InWords = Callable[[asyncio.AbstractEventLoop], LoopRecord]
NODES = 60_000  # for all names together: a data frame in a notebook must not slow a look down
EACH = 5_000


def read_bound(
    roots: Iterable[tuple[str, object]], labels: Labels, in_words: InWords
) -> tuple[BoundRecord, ...]:
    """Return one record for each name and each loop that it leads to, nearest first."""
    found: list[BoundRecord] = []
    left = NODES
    for name, value in sorted(roots, key=lambda root: root[0]):
        count = 0
        loops: list[asyncio.AbstractEventLoop] = []
        for path, thing, between in objects.walk(value):
            count += 1
            if count > min(EACH, left):
                break
            loop = objects.bound_loop(thing)
            if loop is not None and not any(loop is seen for seen in loops):
                loops.append(loop)
                found.append(_record(name, path, (*between, thing), in_words(loop)))
        left -= count
        if left <= 0:
            break
    return tuple(found)


def _record(
    name: str, path: tuple[str, ...], things: tuple[object, ...], loop: LoopRecord
) -> BoundRecord:
    cut = object_names.own_steps(things)
    return BoundRecord(
        subject=Subject(
            name=object_names.written(name, path[:cut]),
            type=objects.type_name(things[cut]),
            path=f"{object_names.written(name, path)}._loop",
        ),
        loop=loop,
        witness=objects.type_name(things[-1]),
        keeper="global",
    )


def users_names(
    space: dict[str, object], hidden: Iterable[str] = ()
) -> Iterator[tuple[str, object]]:
    """Yield the names that a notebook's cells assign: no history, no modules, no machinery."""
    left_out = set(hidden)
    for name, value in list(space.items()):
        if not name.startswith("_") and name not in left_out and not objects.is_module(value):
            yield name, value
