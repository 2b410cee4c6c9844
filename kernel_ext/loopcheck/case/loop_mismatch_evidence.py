"""Describes an object that met another loop than its own: its name, its maker, its keeper."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import futures, object_makers, object_names, objects
from loopcheck.process.failure import Step
from loopcheck.process.loops import loop_meetings, loop_records, own_loops
from loopcheck.process.loops.loop_records import Known
from loopcheck.process.loops.returned_futures import Returned
from loopcheck.process.waiting import await_chain
from loopcheck.records import BoundRecord, LoopRecord, Place, SourceRecord, Subject
from loopcheck.runner import fixtures
from loopcheck.source import parsed_files
from loopcheck.watch.loops import LEDGER

InWords = Callable[[asyncio.AbstractEventLoop], LoopRecord]
CONSTRUCTORS = ("__init__", "__new__", "__post_init__")
USER_FRAMES = 8  # innermost frames of user code in which to search for names


def in_words_of(met: loop_meetings.Meeting | None, labels: Labels) -> InWords:
    """Return the function that makes records of loops, with numbers for the two that *met*."""

    def in_words(loop: asyncio.AbstractEventLoop) -> LoopRecord:
        known = LEDGER.find(loop)
        return loop_records.read_loop(loop, labels, known, words=loop_records.of_cells(loop, known))

    if met is not None:  # numbers in order of creation: the older loop is loop 1
        both = [loop for loop in (met.home, met.used_on) if loop is not None]
        for loop in sorted(both, key=_birth):
            in_words(loop)
    return in_words


def _birth(loop: asyncio.AbstractEventLoop) -> int:
    entry = LEDGER.find(loop)
    return entry.serial if entry else 0


def bound(
    met: loop_meetings.Meeting | None, item: Any, labels: Labels, in_words: InWords
) -> tuple[BoundRecord, ...]:
    """Return the record of the object, by its name in user code: where it is made, kept, used."""
    if met is None:
        return ()
    loop = in_words(met.home)
    if met.returned is not None:
        return (_returned(met.returned, met, loop, labels),)
    way, targets = _way(met, item)
    if way is None:
        return (_nameless(met, loop, labels),)
    default = object_names.of_default(way, labels) is not None
    kinds = [objects.type_name(thing) for thing in way.things]
    target = targets[way.target]
    own_loop, closed_at = _own_loop(way.things[0], met, labels)
    made_at = object_makers.made_at(way, labels)
    path = f"{way.path}._loop" if objects.peek(target, "_loop") is not None else way.path
    return (
        BoundRecord(
            subject=Subject(name=way.name, type=kinds[0], path=path),
            loop=loop,
            witness=objects.type_name(met.witness),
            keeper="default" if default else way.root.keeper,
            fixture=None if default else _fixture(way.root, item, labels),
            kept_at=object_names.kept_at(way, labels),
            made_at=made_at,
            used_at=_used_at(met, labels),
            pool=any(map(_pool, kinds)),
            own_loop=own_loop,
            asks_when_made=own_loops.asks_when_made(way.things[0]),
            closed_at=closed_at,
            looked_up_at=own_loops.looked_up_at(
                (way.root.value, *way.things), met.home, made_at, labels
            ),
            stuck=_stuck(met.home, loop, target),
        ),
    )


def _way(met: loop_meetings.Meeting, item: Any) -> tuple[object_names.Way | None, Sequence[object]]:
    """Return the path from a name in user code to what met the loop, and its possible ends."""
    targets = met.targets
    way = object_names.find(_roots(met, item), targets)
    if way is None:
        return object_names.find(object_names.other_globals(_searched(met)), targets), targets
    if way.root.keeper == "fixture" and not way.root.wide:
        return _elsewhere(way, met, targets), targets  # it may come from a cache
    if way.root.keeper != "local":
        return way, targets
    # For example a stub that a test got from another test's channel.
    kept = object_names.keeper_of(met.home, _roots(met, item))
    return kept or (_elsewhere(way, met, targets), targets)


def _nameless(met: loop_meetings.Meeting, loop: LoopRecord, labels: Labels) -> BoundRecord:
    thing = met.targets[-1] if met.targets else met.witness
    kind = objects.type_name(thing)
    name = "loop" if objects.is_loop(thing) else kind.rpartition(".")[2]
    return BoundRecord(
        subject=Subject(name=name, type=kind),
        loop=loop,
        witness=objects.type_name(met.witness),
        used_at=_used_at(met, labels),
        pool=_pool(kind),
    )


def _returned(
    made: Returned, met: loop_meetings.Meeting, loop: LoopRecord, labels: Labels
) -> BoundRecord:
    kind = f"asyncio.{made.kind}"
    return BoundRecord(
        subject=Subject(name=made.name, type=kind),
        loop=loop,
        witness=kind,
        made_at=Place(labels.file(made.file), made.line, made.function),
        used_at=_used_at(met, labels),
    )


def _closed_before(user: Step, known: Known, labels: Labels) -> Place | None:
    """Return the line that closed the loop, if it is in the function that then uses it."""
    closed, used = loop_records.closer(known, labels), user.place(labels)
    if closed is None or (closed.file, closed.name) != (used.file, used.name):
        return None
    return closed if closed.line < used.line else None


def _own_loop(
    thing: object, met: loop_meetings.Meeting, labels: Labels
) -> tuple[bool, Place | None]:
    """Return whether *thing* itself created the loop it works on, and the line that closed it.

    Of a loop, that is a line of the function that uses it.
    """
    known = LEDGER.find(met.home)
    if objects.is_loop(thing):
        return False, _closed_before(met.user[0], known, labels) if known and met.user else None
    block = own_loops.made_by(thing, known.callers) if known is not None else None
    if known is None or block is None:
        return False, None
    return True, own_loops.closed_at(block, known.callers, known.closers, met.user, labels)


def _elsewhere(
    way: object_names.Way, met: loop_meetings.Meeting, targets: Sequence[object]
) -> object_names.Way:
    """Return a path from a global of another module, if *way* starts at what that global provided.

    This holds for an engine or a pool, and for any object whose loop was closed before this test
    began: no line of the test made it.
    """
    kind = objects.type_name(way.root.value)
    known = LEDGER.find(met.home)
    gone = known is not None and known.died is not None and known.died < LEDGER.moment
    if not (gone or kind.startswith("sqlalchemy.") or _pool(kind)):
        return way
    others = object_names.other_globals(_searched(met))
    those = (one for one in others if gone or _pool(objects.type_name(one.value)))
    return object_names.find(those, targets) or way


def _fixture(root: object_names.Root, item: Any, labels: Labels) -> str | None:
    """Return the name of the fixture with *root* as its value or as its own local variable."""
    if root.keeper == "fixture":
        return root.name
    function = (
        parsed_files.function_at(root.filename, root.line) if root.keeper == "local" else None
    )
    if function is None or item is None:
        return None
    here = (labels.file(root.filename), function.lineno)
    for name, definition in fixtures.definitions(item).items():
        place = fixtures.place(definition, labels)
        if place is not None and (place.file, place.line) == here:
            return name  # during its teardown it no longer has a value
    return None


def _stuck(loop: asyncio.AbstractEventLoop, said: LoopRecord, thing: object) -> bool:
    if objects.closed(loop):  # if the task never began, its loop was stuck even before
        return futures.is_task(thing) and await_chain.is_new(futures.coroutine(thing))
    of_an_object = said.made_at is not None and said.made_at.name in CONSTRUCTORS
    idle = objects.peek(loop, "_thread_id") is None and not objects.closed(loop)
    return idle and (of_an_object or bool(objects.peek(loop, "_ready")))


def _roots(met: loop_meetings.Meeting, item: Any) -> Iterator[object_names.Root]:
    if item is not None:
        yield from fixtures.roots(item)
        yield from fixtures.given_on(item)
    for step in met.user[:USER_FRAMES]:
        yield from object_names.roots_of(step.frame, step.line)


def _searched(met: loop_meetings.Meeting) -> set[str]:
    return {step.frame.f_code.co_filename for step in met.user[:USER_FRAMES]}


def _used_at(met: loop_meetings.Meeting, labels: Labels) -> Place | None:
    if not met.user:
        return None
    return met.user[0].place(labels)


def _pool(kind: str) -> bool:
    """Return whether *kind* is a database pool: one that outlives its loop is LC604."""
    return kind.startswith(("asyncpg.pool.", "sqlalchemy."))


def sources(met: loop_meetings.Meeting | None) -> tuple[SourceRecord, ...]:
    """Return the text of the files in which names of the two loops were searched."""
    found = sorted(_searched(met)) if met is not None else []
    return tuple(SourceRecord(file=name, text=parsed_files.text(name)) for name in found)
