"""Pending tasks, grouped by where they wait. We call, print, wake and keep none of them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from types import CodeType, CoroutineType
from typing import Any

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass
from loopcheck.process import futures
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Callers, Loop
from loopcheck.process.waiting import await_chain
from loopcheck.process.waiting.await_chain import Way
from loopcheck.records import LoopRecord, Place, TaskGroup

FOLLOWED = 2_000  # tasks whose awaits we follow; the rest is grouped by its outermost code
FRAMES = 3_500  # once read, a frame stays with its coroutine: 150 to 250 bytes each
GROUPS = 200  # groups to keep of a look; the total counts the others, too
NAMES, NAME = 3, 40  # names of a group, characters of a name

Sites = Callable[[object], Callers]  # where a task was created, if a watch saw it

_NOBODYS = re.compile(r"Task-\d+\Z")


@dataclass()
class _Bucket:
    """Tasks of one loop with the same outermost code."""

    loop: str
    root: CodeType | str  # the code, else the type of the task's coroutine
    tasks: list[Any] = field(default_factory=list)


@dataclass()
class _Wait:
    """A place where tasks wait, the tasks there, and their names."""

    way: Way
    made_at: Place | None
    count: int = 0
    names: list[str] = field(default_factory=list)


def read_tasks(
    loops: Iterable[tuple[Loop, LoopRecord]], labels: Labels, sites: Sites | None = None
) -> tuple[tuple[TaskGroup, ...], int]:
    """Return the pending tasks of *loops* in groups, most first; and how many there are."""
    groups: list[TaskGroup] = []
    frames = FRAMES
    for bucket, share in _shared(_buckets(tuple(loops))):
        waits, rest, frames = _followed(bucket.tasks, share, frames, _maker(sites, labels))
        groups += _groups(bucket, waits, rest, labels)
    groups.sort(key=_order)
    return tuple(groups[:GROUPS]), sum(group.count for group in groups)


def _order(group: TaskGroup) -> tuple[object, ...]:
    where = group.loop, group.coroutine, group.stack, group.waits_for or "", str(group.made_at)
    return -group.count, *where, group.state, group.names


def _buckets(loops: Sequence[tuple[Loop, LoopRecord]]) -> list[_Bucket]:
    """Return the pending tasks by loop and outermost code, in few steps: there may be 100,000."""
    by_loop = {id(loop): _ByCode(record.label) for loop, record in loops}
    for loop, tasks in live_loops.by_loop(loop for loop, _ in loops):
        if (found := by_loop.get(id(loop))) is not None:
            found.sort_in(tasks)
    return [bucket for found in by_loop.values() for bucket in found.buckets.values()]


class _ByCode:
    """The tasks of one loop by their coroutine's code."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.buckets: dict[int, _Bucket] = {}

    def sort_in(self, tasks: list[Any]) -> None:
        """Put each pending one of *tasks* into its bucket."""
        usual = [task for task in tasks if type(task) is asyncio.Task]
        done, coros = map(asyncio.Task.done, usual), map(asyncio.Task.get_coro, usual)
        for task, over, coro in zip(usual, done, coros, strict=True):
            if not over:
                root = coro.cr_code if type(coro) is CoroutineType else await_chain.root_of(coro)
                # Not by the code object itself: it is slow to hash, and equal to one of another
                # file.
                bucket = self.buckets.get(id(root)) or self._new(root)
                bucket.tasks.append(task)
        for task in tasks if len(usual) < len(tasks) else ():
            if type(task) is not asyncio.Task and not futures.done(task):
                root = await_chain.root_of(futures.coroutine(task))
                (self.buckets.get(id(root)) or self._new(root)).tasks.append(task)

    def _new(self, root: CodeType | str) -> _Bucket:
        return self.buckets.setdefault(id(root), _Bucket(self.label, root))


def _shared(buckets: list[_Bucket]) -> Iterator[tuple[_Bucket, int]]:
    """Yield each bucket with its share of the tasks to follow: the rare ones get all they need."""
    left = FOLLOWED
    in_order = sorted(buckets, key=lambda one: (len(one.tasks), one.loop, *_named(one.root)))
    for others, bucket in zip(range(len(buckets), 0, -1), in_order, strict=True):
        share = min(len(bucket.tasks), -(-left // others))
        left -= share
        yield bucket, share


def _named(root: CodeType | str) -> tuple[str, int, str]:
    if isinstance(root, CodeType):
        return root.co_filename, root.co_firstlineno, root.co_qualname
    return "", 0, root


def _followed(
    tasks: list[Any], share: int, frames: int, made_at: Callable[[object], Place | None]
) -> tuple[list[_Wait], int, int]:
    """Return where *share* of *tasks* wait, how many were left out, how many frames are left."""
    waits: dict[tuple[object, ...], _Wait] = {}
    looked_at = 0
    for task in tasks[:share]:
        if frames <= 0:
            break
        looked_at += 1
        way = await_chain.follow(futures.coroutine(task))
        if way is None:
            continue  # it ended meanwhile
        frames -= len(way.steps)
        made = made_at(task)
        key = (*((id(code), line) for code, line in way.steps), way.end, way.state, made)
        wait = waits.setdefault(key, _Wait(way, made))
        wait.count += 1
        if (name := _name(task)) is not None:
            wait.names.append(name)
    return list(waits.values()), len(tasks) - looked_at, frames


def _groups(bucket: _Bucket, waits: list[_Wait], rest: int, labels: Labels) -> Iterator[TaskGroup]:
    """Yield a group for each place; unfollowed tasks join it if there is only one."""
    joined = rest if len(waits) == 1 else 0
    for wait in waits:
        yield _group(bucket, wait, joined, labels)
    if rest > joined:
        code = bucket.root if isinstance(bucket.root, CodeType) else None
        yield TaskGroup(
            count=rest,
            coroutine=await_chain.short(_named(bucket.root)[2]),
            loop=bucket.loop,
            owner=await_chain.owner(code) if code is not None else "library",
            followed=0,
        )


def _group(bucket: _Bucket, wait: _Wait, rest: int, labels: Labels) -> TaskGroup:
    owners = [await_chain.owner(code) for code, _ in wait.way.steps]
    stack = tuple(await_chain.place(code, line, labels) for code, line in wait.way.steps)
    users = [place for place, owner in zip(stack, owners, strict=True) if owner == "user"]
    return TaskGroup(
        count=wait.count + rest,
        coroutine=_said(bucket, wait, labels),
        loop=bucket.loop,
        owner="user" if users else owners[0] if owners else "library",
        names=tuple(sorted(wait.names)[:NAMES]),
        stack=stack,
        waits_for=await_chain.waits_for(wait.way),
        made_at=wait.made_at,
        waits_at=users[-1] if users else stack[-1] if stack else None,
        state=wait.way.state,
        followed=wait.count if rest else None,
    )


def _said(bucket: _Bucket, wait: _Wait, labels: Labels) -> str:
    """Return the name of the outermost coroutine; the user's, if a library's runs it."""
    mine = next((code for code, _ in wait.way.steps if await_chain.owner(code) == "user"), None)
    name = _named(mine or bucket.root)[2]
    if mine is not None and name.startswith("<"):  # the code of a cell
        return labels.file(mine.co_filename)
    return await_chain.short(name)


def _maker(sites: Sites | None, labels: Labels) -> Callable[[object], Place | None]:
    """Return a function that finds the line of user code where a task was created."""

    def made_at(task: object) -> Place | None:
        for module, filename, line, name in sites(task) if sites is not None else ():
            if live_loops.owner(filename, module) == "user":
                return Place(labels.file(filename), line, name)
        return None

    return made_at


def _name(task: Any) -> str | None:
    """Return the name that user code gave *task*, None if asyncio did."""
    name = futures.name(task)
    if not name or _NOBODYS.match(name):
        return None
    cut = name[: 5 * NAME]
    if len(cut) < len(name):
        cut = cut.partition("://")[0]  # the rest may be a password without its "@"
    said = plain(cut)
    return said if len(said) <= NAME else f"{said[: NAME - 1]}…"
