"""Adds to the Evidence of a failure what its database's pools, connections and tables tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loopcheck.case import schema_evidence
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process.databases import (
    connection_names,
    pools_made_once,
    stale_connections,
)
from loopcheck.records import Evidence, Place, StalePool
from loopcheck.watch.stores import databases as watch


def of_failure(
    evidence: Evidence, error: BaseException, item: Any, tests: Sequence[str], labels: Labels
) -> Evidence:
    """Return *evidence* with what is known of the databases in the failing lines."""
    known = of_state(evidence, error, item, tests, labels)
    return replace(known, schema=schema_evidence.read(error, item, tests, labels))


def of_state(
    evidence: Evidence, error: BaseException, item: Any, tests: Sequence[str], labels: Labels
) -> Evidence:
    """Return *evidence* with what the failing lines themselves show, where nothing was followed.

    What became of a table is in the statements of the run alone: it is left out.
    """
    return replace(
        evidence,
        stale=_stale(error, item, tests, labels),
    )


def _stale(
    error: BaseException, item: Any, tests: Sequence[str], labels: Labels
) -> StalePool | None:
    for link in connection_names.passed_on(error):
        found = stale_connections.of(link)
        if found is None:
            continue
        thing, kind, how = found
        steps = link.users
        site = watch.JOURNAL.closed.get(id(thing))
        if how == "ended" and site is not None:
            how = "closed"
        seen = StalePool(
            thing=connection_names.named([thing], steps, item, labels),
            kind=kind,
            how=how,
            used_at=connection_names.used_at(link, labels),
            ended=connection_names.done_at(site.lines, site.moment, tests, item, labels)
            if site is not None
            else None,
        )
        return _asked(seen, site, labels) if site is not None and how == "closed" else seen
    return None


def _asked(seen: StalePool, site: watch.Site, labels: Labels) -> StalePool:
    """Return *seen* with the line that would have made another pool, had the name been emptied."""
    made, ended = seen.thing.made_at, seen.ended
    if made is None or made.line is None or ended is None or ended.test is None:
        return seen  # closed in this very test: nobody has begun anew since
    file, line = site.lines[0][0].co_filename, site.lines[0][1]
    found = (
        pools_made_once.asked_at(file, line, made.line) if labels.file(file) == made.file else None
    )
    if found is None:
        return seen
    return replace(seen, closed_as=found[0], asked_at=Place(made.file, found[1], made.name))
