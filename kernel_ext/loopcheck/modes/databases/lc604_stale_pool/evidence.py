"""What only LC604 looks for: the pool that the code used after its end."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes.databases.lc604_stale_pool import closed_executors
from loopcheck.process.databases import connection_names, pools_made_once, stale_connections
from loopcheck.process.failure import Link
from loopcheck.records import Place, StalePool
from loopcheck.watch.stores import databases as watch


def find_stale_pool(live: Live) -> StalePool | None:
    """The pool that the failing lines used after its end, and what ended it."""
    item, labels = live.item, live.labels
    for link in connection_names.passed_on(live.error):
        executor = closed_executors.of(link)
        if executor is not None:
            return _of_executor(executor, link, live)
        found = stale_connections.of(link)
        if found is None:
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


def _of_executor(executor: object, link: Link, live: Live) -> StalePool:
    thing = connection_names.named([executor], link.users, live.item, live.labels)
    return StalePool(
        thing=thing,
        kind="executor",
        how="closed",
        used_at=connection_names.used_at(link, live.labels),
        ended=closed_executors.ended(thing.subject.name, link.users, live.item, live.labels),
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
