"""What only LC211 asks: which write by two tasks at once made a checked total wrong."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import frozen
from loopcheck.process import objects
from loopcheck.process.pending import premature_asserts
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import failing_line
from loopcheck.source.concurrent_writes import shared_state
from loopcheck.source.concurrent_writes.code_walk import Walk
from loopcheck.source.concurrent_writes.tracked_values import Begun, FileLine, Stale
from loopcheck.source.effects import Key
from loopcheck.source.values import meaning
from loopcheck.source.values.made_objects import kind_of

MOST = 50  # tasks to look into
Walks = dict[tuple[object, ...], Walk]
Found = tuple[Begun, Stale, Key, str]  # the key and its text are those of the assertion


@frozen
class LostUpdate:
    """A read, a wait and a write of what a failing assertion checks, in two tasks at once."""

    name: str  # what the assertion reads: "account.balance"
    coroutine: str  # the function that reads and writes
    read_at: Place
    awaited_at: Place
    written_at: Place
    started_at: Place | None  # the line that starts the tasks
    check: bool  # the read value decided whether to write
    direct: bool  # that function itself reads and writes, and calls no store
    owner: str  # the class of what has it: "bank.Account"


def find_lost_update(live: Live) -> LostUpdate | None:
    """Return the lost update that a failed assertion may have met."""
    if not objects.is_a(live.error, AssertionError):
        return None
    asked = premature_asserts.asked(live.error)
    if asked is None:
        return None
    walks: Walks = {}
    for tasks, walk in _together(live.error):
        by_key = dict[Key, list[Found]]()
        # What a coroutine created that has ended has no object: the walk stands one in for it.
        new = {one.key: ast.unparse(walk.read_as[one.key]) for one in walk.latest.reads}
        for one in _stale(tasks, {**new, **asked.sight.keys}, walks):
            by_key.setdefault(one[1].key, []).append(one)
        held = [*asked.sight.held, *walk.kept]
        for found in by_key.values():
            if _is_undone(found[0][1], held):
                continue
            if sum(2 if begun.many else 1 for begun, *_ in found) > 1:
                return _record(found[0], walk.tasks.begun_at.get(found[0][0]), held, live.labels)
    return None


def _together(error: BaseException) -> Iterator[tuple[tuple[Begun, ...], Walk]]:
    """Yield the tasks that the lines before the failing one started together, the last first."""
    for one in reversed(failing_line.users_of(failing_line.trace_of(error))):
        walk = Walk()
        frame = one.tb_frame
        walk.frame(meaning.names_of(frame), frame.f_code, one.tb_lineno)
        for tasks in reversed(walk.tasks.together):
            yield tasks[:MOST], walk


def _stale(tasks: tuple[Begun, ...], asked: dict[Key, str], walks: Walks) -> Iterator[Found]:
    """Yield the writes of each task by an old value that change what *asked* reads.

    Of each thing the first: two tasks that write two things do not undo each other.
    """
    for one in tasks:
        keys = set[Key]()
        for stale in _writes_of(one, walks):
            key = _changed(stale, asked)
            if key is not None and stale.key not in keys:
                keys.add(stale.key)
                yield one, stale, key, asked[key]


def _writes_of(task: Begun, walks: Walks) -> list[Stale]:
    """Return the writes of *task* by old values; calls with the same arguments are one walk."""
    key = (id(task.function), *((name, id(value)) for name, value in task.given.items()))
    if key not in walks and len(walks) >= MOST:
        return []
    if key not in walks:
        walks[key] = Walk()
        walks[key].function(task)
    return walks[key].stale


def _changed(stale: Stale, asked: dict[Key, str]) -> Key | None:
    changed = {stale.key, *(stale.guard.changes if stale.guard is not None else ())}
    matching = (key for key in asked if any(shared_state.matches(key, one) for one in changed))
    return next(matching, None)


def _is_undone(stale: Stale, held: list[object]) -> bool:
    """Return whether the write has left no trace: the attribute that gets a value has none.

    It did not run, or another line has taken it back. Its tasks can't be what is wrong.
    """
    kind, of, *name = stale.key
    owner = next((one for one in held if id(one) == of), None)
    return (
        stale.gives
        and kind == "attribute"
        and owner is not None
        and objects.own_attribute(owner, str(*name)) is None
    )


def _record(
    found: Found, started: FileLine | None, held: list[object], labels: Labels
) -> LostUpdate:
    _, stale, key, text = found
    owner = next((one for one in held if id(one) == key[1]), None)
    name = await_chain.short(stale.function.co_qualname)

    def place(at: FileLine) -> Place:
        return Place(labels.file(at[0]), at[1], stale.function.co_name)

    return LostUpdate(
        name=text,
        coroutine=name,
        read_at=place(stale.read_at),
        awaited_at=place(stale.awaited_at),
        written_at=place(stale.written_at),
        started_at=Place(labels.file(started[0]), started[1], "") if started else None,
        check=stale.guard is not None,
        direct=stale.direct,
        owner=objects.class_name(kind_of(owner)) if type(owner) is not str else "module",
    )
