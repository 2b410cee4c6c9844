"""Objects that are bound to a loop, and fixtures, as sections."""

from __future__ import annotations

from collections.abc import Sequence

from loopcheck.records import BoundRecord, FixtureRecord
from loopcheck.report.sections import Section

SHOWN = 20


def objects(found: Sequence[BoundRecord]) -> Section:
    """Return the objects bound to loops, by your names."""
    rows = [
        (
            one.subject.name,
            one.subject.type.rpartition(".")[2],
            str(one.loop),
            one.subject.path or "",
        )
        for one in found[:SHOWN]
    ]
    more = len(found) - len(rows)
    return Section(
        title="objects bound to a loop",
        columns=("name", "type", "loop", "path"),
        rows=tuple(rows),
        note=f"and {more} more"
        if more > 0
        else ""
        if rows
        else "none of your names leads to a loop",
    )


def fixtures(found: Sequence[FixtureRecord]) -> Section:
    """Return the fixtures of the last run, each with its loop."""
    rows = [
        (
            one.name,
            one.scope,
            one.loop_scope or ("none" if one.asynchronous else "-"),
            "async" if one.asynchronous else "sync",
            str(one.place or ""),
            ", ".join(one.needs),
        )
        for one in found[:SHOWN]
    ]
    more = len(found) - len(rows)
    return Section(
        title="fixtures of the last run",
        columns=("name", "scope", "loop scope", "kind", "defined at", "needs"),
        rows=tuple(rows),
        note=f"and {more} more" if more > 0 else "" if rows else "none: run tests that use some",
    )
