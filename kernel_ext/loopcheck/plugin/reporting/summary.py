"""The summary at the end of a run: for the terminal, and for the notebook of this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopcheck.labels import Labels
from loopcheck.plugin.ours import guarded
from loopcheck.plugin.reporting import clickable

if TYPE_CHECKING:  # imported only when there is something to explain: most runs have nothing
    import pytest

    from loopcheck.plugin.found import Found
    from loopcheck.plugin.picture import Picture
    from loopcheck.plugin.set_up_on import SetUpOn
    from loopcheck.records import FixtureRecord

MOST_ITEMS = 500  # tests whose fixtures are listed for the notebook


def show(terminal: Any, found: Found) -> None:
    """Write the section at the end of a run with --loopcheck."""
    lines: list[str] = []
    with guarded("sum up this run", lines):
        if found.findings or found.ignored or found.ran or found.alike:
            here = clickable.elsewhere(found.config)
            lines += map(here, _lines(found)) if here else _lines(found)
        lines += verdict(len(found.failing()), len(found.failing() & found.explained))
    if lines or found.notes:
        terminal.section("loopcheck", sep="-")
        for line in [*lines, *found.notes]:
            terminal.line(line)


def _lines(found: Found) -> list[str]:
    from loopcheck.modes.diagnose import merged
    from loopcheck.plugin.reporting import second
    from loopcheck.report import silent as silent_words
    from loopcheck.report import text

    explained = [one for one in found.findings if one not in found.left]
    return [
        *silent_words.lines(merged(found.left)),
        *text.summary(merged(explained)),
        *text.counted_alike(found.alike[True], found.alike[False]),
        *filter(None, [silent_words.by_code(found.findings, found.ignored)]),
        *filter(None, [second.counted(found.ran)]),
    ]


def verdict(failed: int, explained: int) -> list[str]:
    """Return the number of failures without a finding: silence about them is no all-clear."""
    if not failed:
        return []
    if explained == failed:
        return [f"{failed} failed: {explained} explained"]
    rest = f"{failed - explained} not" if explained else "none explained"
    known = f"{explained} explained, " if explained else ""
    return [f"{failed} failed: {known}{rest} (nothing in the modes fits)"]


def to_journal(
    session: pytest.Session, found: Found, picture: Picture, used: tuple[FixtureRecord, ...]
) -> None:
    """Leave the findings for %loopcheck, and the fixtures that were *used*."""
    from loopcheck.case import journal

    journal.add(
        journal.Run(
            source="pytest",
            findings=found.merged(),
            timeline=picture.timeline(),
            fixtures=used,
            root=str(session.config.rootpath),
            tests=len(found.tests),
            failed=len(found.failing()),
        )
    )


def fixtures_used(
    session: pytest.Session, labels: Labels, set_up_on: SetUpOn
) -> tuple[FixtureRecord, ...]:
    """Return the project's fixtures that the run used, by name; each once, with its loops."""
    from loopcheck.runner.fixtures import read_fixtures

    found: dict[tuple[str, object], FixtureRecord] = {}
    for item in session.items[:MOST_ITEMS]:
        for record in read_fixtures(item, labels, {}):
            found[record.name, record.place] = record
    ordered = sorted(found.values(), key=lambda record: (record.name, str(record.place)))
    return tuple(set_up_on.told(record, labels) for record in ordered)
