"""What happens in a run with --loopcheck: watch a little, explain after a failure."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import loopcheck
from loopcheck.faces.plugin import report
from loopcheck.facts.labels import Labels
from loopcheck.facts.watch import loops as watch
from loopcheck.words import json as json_words
from loopcheck.words import text

if TYPE_CHECKING:  # what explains a failure is imported at the first one: most runs have none
    from loopcheck.facts.records import (
        Evidence,
        FixtureRecord,
        LoopRecord,
        Outcome,
        Phase,
        Timeline,
    )
    from loopcheck.facts.timeline import Crossing, FixtureLine
    from loopcheck.modes.finding import Finding

MOST_ITEMS = 500  # tests whose fixtures are listed for the notebook
KEY = "loopcheck"  # attribute of a report: plain values, so that xdist carries it along


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options and the ini ask for."""

    show: bool
    keep: bool
    json: str | None


def begin(config: pytest.Config, asked: Asked) -> None:
    """Install the watches and register the hooks of a run."""
    run = Run(config, asked)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        run.open_report(config)
    config.pluginmanager.register(run, "loopcheck-run")
    config.add_cleanup(run.end)


class Run:
    """One pytest session. It holds records and numbers, no object of a test's."""

    def __init__(self, config: pytest.Config, asked: Asked) -> None:
        self.asked = asked
        self.out: report.JsonFile | None = None
        self.labels = Labels(str(config.rootpath))
        self.findings: list[Finding] = []
        self.tests: list[str] = []
        self.outcomes: dict[str, Outcome] = {}
        self.scopes: dict[str, str | None] = {}
        self.named: dict[int, LoopRecord] = {}
        self.crossings: list[Crossing] = []
        self.config = config
        self.wide: dict[Any, tuple[int, int | None]] = {}  # fixtures: first and last test
        self.narrow: list[FixtureLine] = []
        self.explained: set[str] = set()
        self.cleanups: list[Callable[[], None]] = [watch.install()]
        self.since = watch.LEDGER.serial  # a kernel's own loops are not part of the run
        watch.LEDGER.moment = 0

    def open_report(self, config: pytest.Config) -> None:
        if self.asked.json is not None and self.out is None:
            self.out = report.JsonFile(Path(config.invocation_params.dir, self.asked.json))
            self.write()

    def pytest_configure(self, config: pytest.Config) -> None:
        if not hasattr(config, "workerinput"):  # a child of a worker's test only looks like one
            self.open_report(config)

    # -- what passing tests pay for ----------------------------------------------------------

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.tests.append(nodeid)
        watch.LEDGER.moment = len(self.tests)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome == "passed":
            return  # a test without another word has passed
        if self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = report.outcome
        for known in getattr(report, KEY, ()):
            self.keep(json_words.read_finding(known), report.nodeid)

    # -- what a failure pays for ---------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        made = yield
        if made.failed and call.excinfo is not None:  # unittest fills it in only by now
            try:
                self.explain(made, item, call.excinfo.value)
            except Exception as error:  # ours must never fail a user's test
                said = f"could not look at this failure: {type(error).__name__}: {error}"
                made.sections.append(("loopcheck", f"loopcheck {said}; please report it"))
        return made

    def explain(self, made: pytest.TestReport, item: pytest.Item, error: BaseException) -> None:
        """Look while the frames and loops are there; leave words and plain values on *made*."""
        from loopcheck.facts import gather
        from loopcheck.modes.diagnose import diagnose

        phase: Phase = made.when or "call"
        self.labels.cells = gather.cells()
        evidence = gather.of_failure(error, self.labels, item, phase)
        found = diagnose(evidence)
        if found:
            setattr(made, KEY, [json_words.finding(one) for one in found])
            self.note(item, evidence, found)
            if self.asked.show:
                shown = "\n\n".join(text.finding(one) for one in found)
                made.sections.append(("loopcheck", shown))

    def note(self, item: pytest.Item, evidence: Evidence, found: tuple[Finding, ...]) -> None:
        """Keep what the picture needs of a failure."""
        from loopcheck.facts.timeline import Crossing, FixtureLine

        index = len(self.tests) - 1
        self.note_scopes(item.session)
        here = evidence.used_on
        for loop in (here, *(thing.loop for thing in evidence.bound)):
            if loop is not None and loop.born:
                self.named[loop.born] = loop
        for fixture in evidence.fixtures:
            if fixture.loop is not None and fixture.scope == "function":
                line = FixtureLine(
                    name=fixture.name, loop=fixture.loop.born, first=index, last=index
                )
                self.narrow.append(line)
        homes = {thing.subject.name: thing.loop.born for thing in evidence.bound}
        for one in found:
            name = one.subject.name if one.subject else ""
            self.crossings.append(
                Crossing(
                    name=name,
                    code=one.code,
                    home=homes.get(name),
                    used_on=here.born if here else None,
                    test=index,
                )
            )

    def note_scopes(self, session: pytest.Session) -> None:
        for test in session.items if not self.scopes else ():
            self.scopes[test.nodeid] = _loop_scope(test)

    def keep(self, found: Finding, nodeid: str) -> None:
        self.findings.append(found)
        self.explained.add(nodeid)
        self.write()

    # -- fixtures wider than a test: bars of the picture ------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> None:
        if fixturedef.scope != "function":
            self.wide[fixturedef] = (len(self.tests) - 1, None)

    def pytest_fixture_post_finalizer(self, fixturedef: Any) -> None:
        if fixturedef.scope != "function" and fixturedef in self.wide:
            self.wide[fixturedef] = (self.wide[fixturedef][0], len(self.tests) - 1)

    def fixture_lines(self) -> list[FixtureLine]:
        """Return the fixtures that pytest-asyncio ran, each with its loop."""
        from loopcheck.facts.probes.fixtures import fixture_loop_scope
        from loopcheck.facts.timeline import FixtureLine

        lines = list(self.narrow)
        for definition, (first, last) in self.wide.items():
            scope = fixture_loop_scope(definition, self.config)
            loop = next(
                (e for e in watch.LEDGER.entries if e.scope == scope and _up(e, first)), None
            )
            if scope is not None and loop is not None:
                name = definition.argname
                lines.append(FixtureLine(name=name, loop=loop.serial, first=first, last=last))
        return lines

    # -- the end ---------------------------------------------------------------------------------

    def picture(self) -> Timeline:
        """Return the timeline of the run, empty under xdist: there the loops are elsewhere."""
        from loopcheck.facts.timeline import TestLine, timeline

        tests = [
            TestLine(
                nodeid=nodeid,
                name=self.labels.node(nodeid).rpartition("::")[2],
                outcome=self.outcomes.get(nodeid, "passed"),
                loop_scope=self.scopes.get(nodeid),
            )
            for nodeid in self.tests
        ]
        entries = list(watch.LEDGER.entries)
        return timeline(
            tests, entries, self.named, self.fixture_lines(), self.crossings, self.labels
        )

    def entries(self) -> list[watch.Entry]:
        return [entry for entry in list(watch.LEDGER.entries) if entry.serial > self.since]

    def failed(self) -> int:
        return sum(outcome == "failed" for outcome in self.outcomes.values())

    def write(self) -> None:
        if self.out is not None:
            from loopcheck.modes.diagnose import merged

            self.out.replace(
                json_words.report(
                    merged(self.findings),
                    version=loopcheck.__version__,
                    tests=len(self.tests),
                    failed=self.failed(),
                    explained=len(self.explained),
                    timeline=self.picture(),
                )
            )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.asked.keep or self.out is not None:
            self.note_scopes(session)
        self.write()
        if self.asked.keep:
            self.to_journal(session)

    def to_journal(self, session: pytest.Session) -> None:
        from loopcheck.facts import journal
        from loopcheck.modes.diagnose import merged

        journal.add(
            journal.Run(
                source="pytest",
                findings=merged(self.findings),
                timeline=self.picture(),
                fixtures=self.fixtures(session),
                tests=len(self.tests),
                failed=self.failed(),
            )
        )

    def fixtures(self, session: pytest.Session) -> tuple[FixtureRecord, ...]:
        """Return the user's fixtures that the run used, by name; each once."""
        from loopcheck.facts.probes.fixtures import read_fixtures

        found: dict[tuple[str, object], FixtureRecord] = {}
        for item in session.items[:MOST_ITEMS]:
            for record in read_fixtures(item, self.labels, {}):
                found[record.name, record.place] = record
        return tuple(sorted(found.values(), key=lambda record: (record.name, str(record.place))))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self.asked.show and self.findings:
            from loopcheck.modes.diagnose import merged

            terminalreporter.section("loopcheck", sep="-")
            for line in text.summary(merged(self.findings)):
                terminalreporter.line(line)

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()


def _up(entry: watch.Entry, test: int) -> bool:
    """Return whether a loop was open in the test of that number."""
    return entry.born - 1 <= test and (entry.died is None or test <= entry.died - 1)


def _loop_scope(item: pytest.Item) -> str | None:
    if "asyncio" not in type(item).__module__:
        return None
    try:
        return str(getattr(item, "_loop_scope", None) or "") or None
    except BaseException:  # a wrong mark fails here: pytest has said so already
        return None
