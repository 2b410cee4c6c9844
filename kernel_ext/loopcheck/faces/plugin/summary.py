"""What is said at the end of a run: in the terminal, and to the notebook of this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loopcheck.faces.plugin.ours import guarded
from loopcheck.facts.labels import Labels

if TYPE_CHECKING:  # what explains is imported when there is something: most runs have nothing
    import pytest

    from loopcheck.faces.plugin.found import Found
    from loopcheck.faces.plugin.picture import Picture
    from loopcheck.faces.plugin.set_up_on import SetUpOn
    from loopcheck.facts.records import FixtureRecord

MOST_ITEMS = 500  # tests whose fixtures are listed for the notebook


class Summary:
    """The section at the end of a run that was asked to explain."""

    def __init__(self, found: Found) -> None:
        self.found = found

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        lines: list[str] = []
        with guarded("sum up this run", lines):
            lines += self._lines()
        if lines or self.found.notes:
            terminalreporter.section("loopcheck", sep="-")
            for line in [*lines, *self.found.notes]:
                terminalreporter.line(line)

    def _lines(self) -> list[str]:
        known = self.found
        if not (known.findings or known.ignored or known.ran):
            return []
        from loopcheck.faces.plugin import second
        from loopcheck.modes.diagnose import merged
        from loopcheck.words import silent as silent_words
        from loopcheck.words import text

        explained = [one for one in known.findings if one not in known.left]
        return [
            *silent_words.lines(merged(known.left)),
            *text.summary(merged(explained)),
            *filter(None, [silent_words.by_code(known.findings, known.ignored)]),
            *filter(None, [second.counted(known.ran)]),
        ]


def to_journal(
    session: pytest.Session, found: Found, picture: Picture, used: tuple[FixtureRecord, ...]
) -> None:
    """Leave what was found for %loopcheck, and the fixtures that were *used*."""
    from loopcheck.facts import journal

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
    """Return the user's fixtures that the run used, by name; each once, with its loops."""
    from loopcheck.facts.probes.fixtures import read_fixtures

    found: dict[tuple[str, object], FixtureRecord] = {}
    for item in session.items[:MOST_ITEMS]:
        for record in read_fixtures(item, labels, {}):
            found[record.name, record.place] = record
    ordered = sorted(found.values(), key=lambda record: (record.name, str(record.place)))
    return tuple(set_up_on.told(record, labels) for record in ordered)
