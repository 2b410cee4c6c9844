"""Shows a run as a Timeline: the ledger's loops laid over the tests, a few of each."""

from __future__ import annotations

from collections.abc import Sequence

from loopcheck.labels import Labels
from loopcheck.light import frozen, replace
from loopcheck.process.loops.loop_records import role_of
from loopcheck.records import Column, Lane, LoopRecord, Mark, Outcome, Span, Timeline
from loopcheck.watch.loops import Entry

COLUMNS = 12  # tests that fit into one picture
LANES = 8  # loops that fit


@frozen
class TestLine:
    """A test of the run, as the plugin recorded it."""

    __test__ = False

    nodeid: str
    name: str
    outcome: Outcome | None
    loop_scope: str | None


@frozen
class FixtureLine:
    """A fixture that lived on one of pytest-asyncio's loops from one test to another."""

    name: str
    loop: int  # serial number
    first: int
    last: int | None


@frozen
class Crossing:
    """An object of one loop, used on another loop in one test."""

    name: str
    code: str
    home: int | None  # serial number of the loop
    used_on: int | None
    test: int


def timeline(
    tests: Sequence[TestLine],
    entries: Sequence[Entry],
    named: dict[int, LoopRecord],
    fixtures: Sequence[FixtureLine],
    crossings: Sequence[Crossing],
    labels: Labels,
) -> Timeline:
    """Return the picture of a run; the loops in *named*, by serial number, show their labels."""
    kept = _kept(tests, entries, crossings)
    place = {test: column for column, test in enumerate(kept)}
    chosen = _chosen(entries, crossings, place)
    lanes = tuple(_lane(entry, named, tests, fixtures, place, labels) for entry in chosen)
    lane_of = {entry.serial: index for index, entry in enumerate(chosen)}
    return Timeline(
        columns=tuple(Column(test=tests[i].name, outcome=tests[i].outcome) for i in kept),
        lanes=lanes,
        marks=tuple(_marks(crossings, lanes, lane_of, place)),
        left_out=len(tests) - len(kept),
    )


def _kept(
    tests: Sequence[TestLine], entries: Sequence[Entry], crossings: Sequence[Crossing]
) -> list[int]:
    """Return the tests that get a column: first those with crossings, and their neighbours."""
    homes = {c.home for c in crossings}
    wanted = [c.test for c in crossings]
    wanted += [e.born - 1 for e in entries if e.serial in homes]
    wanted += [near for test in list(wanted) for near in (test - 1, test + 1)]
    wanted += range(len(tests))
    unique = list(dict.fromkeys(test for test in wanted if 0 <= test < len(tests)))
    return sorted(unique[:COLUMNS])


def _chosen(
    entries: Sequence[Entry], crossings: Sequence[Crossing], place: dict[int, int]
) -> list[Entry]:
    involved = {serial for c in crossings for serial in (c.home, c.used_on)}
    mine = [e for e in entries if e.serial in involved]
    others = [e for e in entries if e.serial not in involved and e.born - 1 in place]
    return sorted((mine + others)[:LANES], key=lambda entry: entry.serial)


def _column(test: int, place: dict[int, int]) -> int:
    """Return the column of *test*, or of the last test before it that has one."""
    return max((column for kept, column in place.items() if kept <= test), default=0)


def _lane(
    entry: Entry,
    named: dict[int, LoopRecord],
    tests: Sequence[TestLine],
    fixtures: Sequence[FixtureLine],
    place: dict[int, int],
    labels: Labels,
) -> Lane:
    loop = named.get(entry.serial) or LoopRecord(label="", role=role_of(entry, labels))
    died = None if entry.died is None else _column(entry.died - 1, place)
    return Lane(
        loop=replace(loop, state="open" if died is None else "closed", born=entry.serial),
        first=_column(entry.born - 1, place),
        last=died,
        spans=(
            *_fixture_spans(entry, fixtures, place),
            *(
                Span(kind="test", name=tests[i].name, first=column, last=column)
                for i, column in place.items()
                if _ran_on(tests[i], i, entry)
            ),
        ),
    )


def _fixture_spans(
    entry: Entry, fixtures: Sequence[FixtureLine], place: dict[int, int]
) -> list[Span]:
    return [
        Span(
            kind="fixture",
            name=line.name,
            first=_column(line.first, place),
            last=None if line.last is None else _column(line.last, place),
        )
        for line in fixtures
        if line.loop == entry.serial
    ]


def _ran_on(test: TestLine, index: int, entry: Entry) -> bool:
    if entry.scope is None or entry.scope != test.loop_scope:
        return False
    alive = entry.born - 1 <= index and (entry.died is None or index <= entry.died - 1)
    node = entry.node or ""
    inside = test.nodeid == node or test.nodeid.startswith((f"{node}::", f"{node}/"))
    return alive and (inside or entry.scope in ("session", "package"))


def _marks(
    crossings: Sequence[Crossing],
    lanes: Sequence[Lane],
    lane_of: dict[int, int],
    place: dict[int, int],
) -> list[Mark]:
    marks: dict[Mark, None] = {}
    for crossing in crossings:
        if crossing.home in lane_of:
            lane = lane_of[crossing.home]
            column = _bound_in(lanes[lane])
            marks[
                Mark(kind="bound", lane=lane, name=crossing.name, column=column, code=crossing.code)
            ] = None
        if crossing.used_on in lane_of and crossing.test in place:
            marks[
                Mark(
                    kind="failed",
                    lane=lane_of[crossing.used_on],
                    name=crossing.name,
                    column=place[crossing.test],
                    code=crossing.code,
                )
            ] = None
    return list(marks)


def _bound_in(lane: Lane) -> int | None:
    """Return the column in which something was bound to *lane*, if there is only one candidate."""
    ran = [span.first for span in lane.spans if span.kind == "test"]
    return ran[0] if len(ran) == 1 else None
