"""The state of one run with --loopcheck: its watches, and the findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from loopcheck import abilities
from loopcheck.labels import Labels
from loopcheck.plugin import ours
from loopcheck.plugin.asked import Asked, codes_of
from loopcheck.plugin.found import Found
from loopcheck.plugin.judgement import Judgement
from loopcheck.plugin.picture import Picture
from loopcheck.plugin.reporting.terminal_format import TerminalFormat
from loopcheck.plugin.silent import Silent
from loopcheck.plugin.swallowed import SwallowedErrors
from loopcheck.plugin.unrun import Unrun
from loopcheck.plugin.watches.blocked import Blocked
from loopcheck.plugin.watches.databases import Databases
from loopcheck.plugin.watches.dirty import Dirty
from loopcheck.plugin.watches.doubles import Doubles
from loopcheck.plugin.watches.handed import Handed
from loopcheck.plugin.watches.left_over import LeftOver
from loopcheck.plugin.watches.locks import Locks
from loopcheck.plugin.watches.outlived import Wide
from loopcheck.plugin.watches.patched import Patched
from loopcheck.plugin.watches.process_exit import ProcessExit
from loopcheck.plugin.watches.registrations import Registrations
from loopcheck.source import project_files
from loopcheck.version import __version__
from loopcheck.watch import loops as watch
from loopcheck.watch import veil
from loopcheck.watch.limits.asyncio_limits import Limits

if TYPE_CHECKING:  # imported only when there is something to explain: most runs have nothing
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.hang import Hang
    from loopcheck.plugin.repeated_failures import Repeated
    from loopcheck.plugin.reporting.report import ReportFile
    from loopcheck.plugin.set_up_on import SetUpOn
    from loopcheck.records import Edits, FixtureRecord, HangRecord
    from loopcheck.source.changes.project_sources import Sources

    LastWords = Callable[["RunState", pytest.TestReport, pytest.Item, HangRecord], None]


def _show_hooks_only(cls: type) -> None:
    """Make `dir` list only the hooks: pytest tries each name of a plugin for a fixture, twice."""
    names = [name for name in vars(cls) if name.startswith("pytest_")]
    cls.__dir__ = lambda self: names  # type: ignore[assignment,method-assign,misc]


class RunState:
    """One pytest session. It holds records and numbers, and no objects from tests."""

    def __init__(self, config: pytest.Config, asked: Asked, last_words: LastWords) -> None:
        self.asked = asked
        limit = _limit(asked.hang) if asked.hang else None
        self.format = TerminalFormat(
            asked.format, getattr(config.known_args_namespace, "tbstyle", None)
        )
        self.report_files: list[tuple[ReportFile, Callable[[], str]]] = []
        self.labels = Labels(str(config.rootpath))
        self.found = Found(config, codes_of(asked), again=asked.again)
        self.found.changed = self.note_finding
        self.cleanups: list[Callable[[], None]] = [project_files.begin_project(_project(config))]
        self.cleanups.append(veil.install())
        self.cleanups.append(watch.install())
        self.silent = Silent(self.labels)
        self.cleanups.append(self.silent.end)
        self.judgement = Judgement(self.found, self.silent)
        self.swallowed = SwallowedErrors(self.judgement, self.labels)
        self.cleanups.append(self.swallowed.end)
        self.blocked = Blocked(asked.blocked)
        self.cleanups.append(self.blocked.end)
        self.limited = Limits(self.labels)
        self.cleanups.append(self.limited.install())
        self.patched = Patched(self.labels)
        self.cleanups.append(self.patched.end)
        self.picture = Picture(self.found, self.labels)
        self.databases = Databases(self.found, self.labels)
        self.cleanups.append(self.databases.end)
        self.hang: Hang | None = None
        if limit is not None and abilities.THREADS:
            from loopcheck.plugin.hang import Hang

            self.hang = Hang(limit, self.labels, config, lambda *of: last_words(self, *of))
            self.cleanups.append(self.hang.end)
        self.doubles = Doubles()
        self.cleanups.append(self.doubles.end)
        self.registrations = Registrations()
        self.cleanups.append(self.registrations.end)
        self.handed = Handed(self.found)
        self.left_over = LeftOver(self.found)
        self.locks = Locks()
        self.cleanups.append(self.locks.end)
        self.dirty = Dirty(self.found, self.labels, asked=asked.store)
        self.cleanups.append(self.dirty.end)
        self.wide = Wide(self.found, self.silent)
        self.exit = ProcessExit(asked, self.found, self.labels)
        self.cleanups.append(self.exit.end)
        self.unrun = Unrun(self.judgement, self.labels)
        self.set_up_on: SetUpOn | None = None
        self._repeated: Repeated | None = None
        self.used: tuple[FixtureRecord, ...] = ()
        self._sources: Sources | None = None
        self._edits: dict[object, tuple[Edits, ...]] = {}
        self.modules = 0  # how many there were as the last test began
        self.trees = (0, 0)  # how many texts were parsed, and the last test that had one parsed
        watch.LEDGER.moment, watch.LEDGER.test = 0, ""

    def register(self, config: pytest.Config, hooks: object) -> None:
        _show_hooks_only(type(hooks))
        config.pluginmanager.register(hooks, f"loopcheck-{type(hooks).__name__.lower()}")

    def open_reports(self) -> None:
        """Begin to write the files that the options name; a second call changes nothing."""
        asked = (
            ("--loopcheck-json", self.asked.json, self.report),
            ("--loopcheck-sarif", self.asked.sarif, self.sarif),
        )
        if self.report_files:
            return
        for option, file, said in asked:
            if file is not None:
                from loopcheck.plugin.reporting.report import ReportFile

                first = "{}"  # if an error of ours leaves no better one
                with ours.guarded(f"write {file}", self.found.notes):
                    first = said()
                self.report_files.append((ReportFile(Path(file), option, first), said))

    @property
    def repeated(self) -> Repeated:
        """The findings of the failures looked at so far."""
        if self._repeated is None:
            # Late: most runs have no failure.
            from loopcheck.plugin.repeated_failures import Repeated

            self._repeated = Repeated(self.found, self.asked, self.hang)
        return self._repeated

    def note_finding(self) -> None:
        """Show the latest finding to those who watch this run: in a notebook, in a file."""
        from loopcheck.case import journal

        journal.note_so_far(self.found.findings[-1])
        self.write()

    def write(self) -> None:
        for file, said in self.report_files:
            with ours.guarded(f"write {file.path}", self.found.notes):
                file.replace(said())

    def report(self) -> str:
        """Return the JSON report of what is known by now."""
        from loopcheck.report import json as json_words

        found = self.with_edits(self.found.merged())
        changed = {e.file for one in found for way in one.edits for e in way.changes}
        return json_words.report(
            found,
            digests=self._sources.digests(changed) if self._sources is not None else {},
            version=__version__,
            timeline=self.picture.timeline(),
            fixtures=self.used,
            **self.counts(),
        )

    def counts(self) -> dict[str, int]:
        """Return how many tests there were, and what became of them."""
        return {
            "tests": len(self.found.tests),
            "failed": len(self.found.failing()),
            "explained": len(self.found.explained),
            "counted_alike": self.found.alike.total(),
            "ignored": self.found.ignored.total(),
        }

    def sarif(self) -> str:
        """Return what is known by now as SARIF."""
        from loopcheck.modes.diagnose import merged
        from loopcheck.plugin.reporting.repository import from_repository
        from loopcheck.report import sarif

        failed, left = map(self.with_edits, map(merged, self.found.by_outcome()))
        path = from_repository(self.found.config.rootpath)
        return sarif.log(failed, left, path, __version__)

    def with_edits(self, found: Iterable[Finding]) -> list[Finding]:
        """Return *found* with what a machine can change: only a report or a hint needs that."""
        return list(self.each_with_edits(found))

    def each_with_edits(self, found: Iterable[Finding]) -> Iterator[Finding]:
        """Yield *found* in this way; the files to change are parsed once for all of them."""
        try:
            for one in found:
                yield self._with_edits(one)
        finally:
            if self._sources is not None:
                self._sources.forget_trees()

    @property
    def sources(self) -> Sources:
        """The files of the project that edits change."""
        if self._sources is None:
            from loopcheck.source.changes.project_sources import Sources

            self._sources = Sources(str(self.labels.root), self.labels.filename)
        return self._sources

    def _with_edits(self, finding: Finding) -> Finding:
        from loopcheck.light import replace
        from loopcheck.modes.edits import with_edits

        key = finding.code, finding.where, finding.subject, finding.remedy
        if key not in self._edits:
            self._edits[key] = ()
            with ours.guarded(f"work out the edits of {finding.code}", self.found.notes):
                self._edits[key] = with_edits(finding, self.sources).edits
        return replace(finding, edits=self._edits[key]) if self._edits[key] else finding

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()


def _project(config: pytest.Config) -> list[str]:
    """Return the folders that a run is about: its root, and those of the tests passed to it."""
    here = config.invocation_params.dir
    given = [Path(here, str(one).partition("::")[0]) for one in _given(config)]
    there = [one if one.is_dir() else one.parent for one in given if one.exists()]
    return [str(config.rootpath), *map(str, there)]


def _given(config: pytest.Config) -> list[str]:
    said = getattr(config.known_args_namespace, "file_or_dir", None)
    return said if isinstance(said, list) else []


def _limit(said: str) -> float:
    from loopcheck.plugin import hang

    return hang.seconds(said, "--loopcheck-hang")
