"""The summary at the end of a run: for the terminal, and for the notebook of this process.

It ends with the one command to run next. Findings that are not under their failures are here.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from loopcheck.labels import Labels
from loopcheck.plugin.ours import guarded
from loopcheck.plugin.reporting import clickable

if TYPE_CHECKING:  # imported only when there is something to explain: most runs have nothing
    import pytest

    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.found import Found
    from loopcheck.plugin.picture import Picture
    from loopcheck.plugin.run_state import RunState
    from loopcheck.plugin.set_up_on import SetUpOn
    from loopcheck.records import FixtureRecord

MOST_ITEMS = 500  # tests whose fixtures are listed for the notebook


class ErrorStream:
    """Where a summary goes if no terminal of pytest's shows one: another may own the output."""

    isatty = True  # for agents, too, the failures have the findings, and the summary counts them

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def section(self, title: str, sep: str) -> None:
        self.line(f" {title} ".center(80, sep))

    def ensure_newline(self) -> None:
        """Do nothing: each line has its own end."""

    def line(self, said: str) -> None:
        with suppress(OSError, ValueError):  # closed
            print(said, file=sys.stderr, flush=True)


def show(terminal: Any, run: RunState) -> None:
    """Write the section at the end of a run with --loopcheck."""
    found, lines = run.found, list[str]()
    as_json = run.format.of(terminal) == "json"
    with guarded("sum up this run", lines):
        said = _as_json(run) if as_json else _in_words(run, terminal)
        here = None if as_json else clickable.elsewhere(found.config)
        lines += map(here, said) if here else said
    if not as_json and (lines or found.notes):
        terminal.section("loopcheck", sep="-")
    for line in [*lines, *found.notes]:
        terminal.ensure_newline()
        terminal.line(line)


def _as_json(run: RunState) -> list[str]:
    """Return a line for each fault, as in the report on disk, and one for the counts."""
    from loopcheck.report import json as json_words

    found = run.with_edits(run.found.merged())
    return [*map(json_words.line, found), json_words.line_of_counts(**run.counts())]


def _in_words(run: RunState, terminal: Any) -> list[str]:
    found, lines = run.found, list[str]()
    if found.findings or found.ignored or found.ran or found.alike:
        only_counts = run.format.only_counts(terminal)
        lines += _counted(found) if only_counts else _causes(run, run.format.of(terminal))
    lines += verdict(len(found.failing()), len(found.failing() & found.explained))
    if found.findings:
        from loopcheck.plugin.reporting import commands

        lines += [f"next: {command}" for command in filter(None, [commands.next_one(run)])]
    return lines


def _counted(found: Found) -> list[str]:
    """Return a line for each fault: the failures have the rest."""
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


def _causes(run: RunState, form: str) -> list[str]:
    """Return each cause in that form: nothing is under the failures."""
    from loopcheck.plugin.reporting import causes, second
    from loopcheck.report import silent as silent_words
    from loopcheck.report import text

    failed, beside = causes.of_failures(run.found)
    lines: list[str] = []
    for one in failed:
        told = _brief(run, one) if form == "brief" else f"{text.finding(one)}\n"
        lines += told.split("\n")
    return [
        *lines,
        *silent_words.lines(beside),
        *filter(None, [silent_words.by_code((), run.found.ignored)]),
        *filter(None, [second.counted(run.found.ran)]),
    ]


def _brief(run: RunState, one: Finding) -> str:
    from loopcheck.plugin.reporting import commands, short_diff
    from loopcheck.report import brief

    (one,) = run.with_edits([one])
    diff = short_diff.lines(one, run.sources)
    return brief.cause(one, rerun=commands.rerun(run, one), diff=diff)


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
