"""One look at the current process: each probe is guarded, and each fills its own part."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

from loopcheck.case import journal
from loopcheck.labels import Labels
from loopcheck.process import bound_objects, registries
from loopcheck.process.databases import pools
from loopcheck.process.loops import loop_records
from loopcheck.process.patches import active_patches
from loopcheck.process.waiting import task_groups
from loopcheck.records import FixtureRecord, Look, LoopRecord, TaskGroup
from loopcheck.runner import config
from loopcheck.watch import faults
from loopcheck.watch.loops import LEDGER

T = TypeVar("T")
Loop = asyncio.AbstractEventLoop
Roots = tuple[tuple[str, object], ...]
Sites = Callable[[object], tuple[tuple[str, str, int, str], ...]]
NO_TASKS: tuple[tuple[TaskGroup, ...], int] = ((), 0)
NO_LOOPS: tuple[tuple[Loop, LoopRecord], ...] = ()


class Looking:
    """Parts of one look, which share loops, names and notes."""

    def __init__(self, labels: Labels, roots: Iterable[tuple[str, object]], deep: bool) -> None:
        self.labels, self.roots, self.deep = labels, tuple(roots), deep
        self.notes: list[str] = list(loop_records.notes())
        self.notes += [f"watches: one failed, {line}; please report it" for line in faults.seen]
        known = list(LEDGER.entries)
        self.seen = self.guarded(
            "loops", lambda: loop_records.seen(labels, known, deep=deep), NO_LOOPS
        )

    def guarded(self, subject: str, read: Callable[[], T], nothing: T) -> T:
        """Return what *read* sees; if it fails, add a note, and the other parts still show."""
        try:
            return read()
        except Exception as error:
            self.notes.append(f"{subject}: could not look, {type(error).__name__}")
            return nothing

    def in_words(self, loop: Loop) -> LoopRecord:
        found = next((record for one, record in self.seen if one is loop), None)
        return found or loop_records.read_loop(loop, self.labels, LEDGER.find(loop))


def look(
    labels: Labels,
    parts: Collection[str],
    *,
    roots: Iterable[tuple[str, object]] = (),
    sites: Sites | None = None,
    deep: bool = False,
    everything: bool = False,
) -> Look:
    """Return the *parts* of a look, starting from the names in *roots*; *deep* reads the heap."""
    at = Looking(labels, roots, deep)
    live = tuple(loop for loop, _ in at.seen)

    def read(part: str, probe: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
        return at.guarded(part, probe, ()) if part in parts else ()

    groups, count = NO_TASKS
    if "tasks" in parts:
        groups, count = at.guarded(
            "tasks", lambda: task_groups.read_tasks(at.seen, labels, sites), NO_TASKS
        )
    return Look(
        loops=tuple(record for _, record in at.seen),
        tasks=groups,
        task_count=count,
        objects=read("objects", lambda: bound_objects.read_bound(at.roots, labels, at.in_words)),
        registries=read(
            "registry",
            lambda: registries.read_registries(
                live, labels, at.in_words, at.roots, everything=everything
            ),
        ),
        pools=read("registry", lambda: pools.read_pools(at.roots, labels, at.in_words, deep=deep)),
        patches=read("patches", lambda: active_patches.read_patches(labels, deep=deep)),
        config=read("config", lambda: config.read_config(Path.cwd(), labels)),
        fixtures=read("fixtures", _fixtures),
        notes=tuple(at.notes),
    )


def _fixtures() -> tuple[FixtureRecord, ...]:
    run = journal.last()
    return run.fixtures if run else ()
