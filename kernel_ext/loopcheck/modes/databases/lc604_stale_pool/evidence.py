"""What only LC604 looks for: the pool that the code used after its end."""

from __future__ import annotations

from concurrent.futures import Executor

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.databases.lc604_stale_pool import closed_objects
from loopcheck.process import objects
from loopcheck.process.databases import connection_names, pools_made_once, stale_connections
from loopcheck.process.errors import expected_errors
from loopcheck.process.failure import Link
from loopcheck.records import Place, StalePool
from loopcheck.watch.stores import databases as watch


def find_stale_pool(live: Live) -> StalePool | None:
    """The pool that the failing lines used after its end, and what ended it."""
    item, labels = live.item, live.labels
    for link in connection_names.passed_on(live.error):
        found = stale_connections.of(link)
        if found is None:
            closed = closed_objects.of(link)
            seen = _of_closed(closed, link, live) if closed is not None else None
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


def _of_closed(closed: closed_objects.Closed, link: Link, live: Live) -> StalePool | None:
    item, labels = live.item, live.labels
    # A task that runs a library's coroutine has no line of the project: then the test has.
    steps = closed_objects.users(closed, link) or live.links[0].users
    if not steps or expected_errors.is_another_expected(steps):
        return None
    thing = connection_names.named([closed.thing], steps, item, labels)
    ending = closed_objects.ending(closed, thing, steps, item, labels)
    executor = objects.is_a(closed.thing, Executor)
    if ending is None and not executor:
        return None
    return StalePool(
        thing=thing,
        kind="executor" if executor else "object",
        how="closed",
        used_at=steps[0].place(labels),
        ended=ending.done if ending is not None else None,
        surely=ending is not None and ending.surely,
        way=ending.way if ending is not None else None,
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
