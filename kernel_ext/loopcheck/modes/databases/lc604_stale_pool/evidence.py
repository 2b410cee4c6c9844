"""What only LC604 looks for: the pool that the code used after its end."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from typing import Literal

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.databases.lc604_stale_pool import (
    closed_objects,
    denied_ends,
    refusals,
    unopened_objects,
)
from loopcheck.process import objects
from loopcheck.process.databases import connection_names, pools_made_once, stale_connections
from loopcheck.process.errors import expected_errors
from loopcheck.process.failure import Link, Step
from loopcheck.records import DeniedEnd, DoneAt, Kept, Opening, Place, StalePool
from loopcheck.source.values import lifecycle_methods
from loopcheck.watch.stores import databases as watch


def find_stale_pool(live: Live) -> StalePool | None:
    """The pool that the failing lines used after its end, and what ended it."""
    item, labels = live.item, live.labels
    for link in connection_names.passed_on(live.error):
        found = stale_connections.of(link)
        if found is None:
            seen = _of_closed(link, live) or _of_unopened(link, live) or _of_left(link, live)
            if seen is not None:
                return seen
            continue
        thing, kind, how = found
        steps = link.users
        site = watch.JOURNAL.closed.get(id(thing))
        if how == "ended" and site is not None:
            how = "closed"
        ended = (
            connection_names.done_at(site.lines, site.moment, live.tests, item, labels)
            if site is not None
            else None
        )
        before = ended is not None and ended.test is not None
        wide = connection_names.named_for_all([thing], steps, item, labels) if before else None
        seen = StalePool(
            thing=wide or connection_names.named([thing], steps, item, labels),
            kind=kind,
            how=how,
            used_at=connection_names.used_at(link, labels),
            ended=ended,
        )
        return _asked(seen, site, labels) if site is not None and how == "closed" else seen
    return None


def find_denied_end(live: Live) -> StalePool | None:
    """The object that the failing assertion says is open, after an earlier line closed it."""
    item, labels = live.item, live.labels
    link = live.links[0]
    denied, steps = denied_ends.of(link), link.users
    if denied is None:
        return _of_contradicted(link, live)
    thing = connection_names.named([denied.closed.thing], steps, item, labels)
    ending = closed_objects.ending(denied.closed, thing, steps[:1], item, labels)
    if (
        ending is None
        or not ending.surely
        or ending.way is None
        or denied_ends.is_expected_to_fail(ending.done.place.line, steps[0])
    ):
        return None
    return StalePool(
        thing=thing,
        kind="object",
        how="closed",
        used_at=steps[0].place(labels),
        ended=ending.done,
        way=ending.way,
        denied=DeniedEnd(attribute=denied.attribute, now=denied.now),
    )


def _of_contradicted(link: Link, live: Live) -> StalePool | None:
    found, steps = denied_ends.by_a_later_line(link), link.users
    if found is None:
        return None
    here = steps[0].place(live.labels)
    return StalePool(
        thing=connection_names.named([found.thing], steps, live.item, live.labels),
        kind="object",
        how="closed",
        used_at=here,
        ended=DoneAt(place=replace(here, line=found.closed.lineno)),
        way="call",
        denied=DeniedEnd(asked=found.asked, later=replace(here, line=found.later.lineno)),
    )


def _steps(thing: object, link: Link, live: Live) -> Sequence[Step]:
    """Return the frames that use *thing*, none if they expect an error, though another one."""
    # A task that runs a library's coroutine has no line of the project: then the test has.
    steps = refusals.users(thing, link) or live.links[0].users
    return () if expected_errors.is_another_expected(steps) else steps


def _of_closed(link: Link, live: Live) -> StalePool | None:
    item, labels = live.item, live.labels
    closed = closed_objects.of(link)
    steps = _steps(closed.thing, link, live) if closed is not None else ()
    if closed is None or not steps:
        return None
    thing = connection_names.named([closed.thing], steps, item, labels)
    ending = closed_objects.ending(closed, thing, steps, item, labels)
    if objects.is_a(closed.thing, Executor):
        return _with(ending, thing, "executor", steps[0].place(labels))
    return _with(ending, thing, "object", steps[0].place(labels)) if ending is not None else None


def _of_left(link: Link, live: Live) -> StalePool | None:
    steps = link.users
    found = closed_objects.left_by_its_maker(link, live.labels)
    found = found or closed_objects.left_by_a_block(link, live.labels)
    if found is None or expected_errors.is_another_expected(steps):
        return None
    thing, ending = found
    named = connection_names.named([thing], steps, live.item, live.labels)
    return _with(ending, named, "object", steps[0].place(live.labels))


def _with(
    ending: closed_objects.Ending | None,
    thing: Kept,
    kind: Literal["executor", "object"],
    used_at: Place,
) -> StalePool:
    """Return what was used after *ending*, which is None where no line is known."""
    return StalePool(
        thing=thing,
        kind=kind,
        how="closed",
        used_at=used_at,
        ended=ending.done if ending is not None else None,
        surely=ending is not None and ending.surely,
        way=ending.way if ending is not None else None,
        part=ending.part if ending is not None else None,
    )


def _of_unopened(link: Link, live: Live) -> StalePool | None:
    item, labels = live.item, live.labels
    unopened = unopened_objects.of(link)
    steps = _steps(unopened.thing, link, live) if unopened is not None else ()
    if unopened is None or not steps:
        return None
    thing = connection_names.named([unopened.thing], steps, item, labels)
    if unopened_objects.is_opened(unopened, thing, steps, item):
        return None
    return StalePool(
        thing=thing,
        kind="object",
        how="not opened",
        used_at=steps[0].place(labels),
        surely=False,
        needs=Opening(
            attribute=unopened.attribute,
            now=repr(objects.attribute(unopened.thing, unopened.attribute)),
            method=unopened.methods[0],
            is_async=unopened.is_async,
            enters=unopened.methods[0] in lifecycle_methods.ENTERS,
            ends=lifecycle_methods.closes(unopened.methods[0]),
        ),
    )


def _asked(seen: StalePool, site: watch.Site, labels: Labels) -> StalePool:
    """*seen* with the line that would have created a new pool if the name had been set to None."""
    made, ended = seen.thing.made_at, seen.ended
    if made is None or made.line is None or ended is None or ended.test is None:
        return seen  # closed in this very test: no other test has begun since
    file, line = site.lines[0][0].co_filename, site.lines[0][1]
    found = (
        pools_made_once.asked_at(file, line, made.line) if labels.file(file) == made.file else None
    )
    if found is None:
        return seen
    return replace(seen, closed_as=found[0], asked_at=Place(made.file, found[1], made.name))
