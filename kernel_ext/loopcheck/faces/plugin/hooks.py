"""What happens in a run with --loopcheck: watch a little, explain after a failure."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import loopcheck
from loopcheck.faces.plugin import report
from loopcheck.faces.plugin.silent import Silent
from loopcheck.facts.labels import Labels
from loopcheck.facts.watch import loops as watch

if TYPE_CHECKING:  # what explains is imported when there is something: most runs have nothing
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

NO_CODES: frozenset[str] = frozenset()
MOST_ITEMS = 500  # tests whose fixtures are listed for the notebook
# Attributes of a report: plain values, so that xdist carries them along.
KEY, SILENT, IGNORED = "loopcheck", "loopcheck_silent", "loopcheck_ignored"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the options and the ini ask for."""

    show: bool
    keep: bool
    json: str | None
    fail: str = ""
    ignore: str = ""


def begin(config: pytest.Config, asked: Asked) -> None:
    """Install the watches and register the hooks of a run."""
    run = Run(config, asked)
    # A worker is started as `python -c …`; a pytest that its tests start inherits the variable.
    worker = "PYTEST_XDIST_WORKER" in os.environ and sys.argv[:1] == ["-c"]
    if not worker:
        run.open_report(config)
    config.pluginmanager.register(run, "loopcheck-run")
    config.add_cleanup(run.end)


class Run:
    """One pytest session. It holds records and numbers, no object of a test's."""

    def __init__(self, config: pytest.Config, asked: Asked) -> None:
        self.asked = asked
        self.fail = self.ignore = NO_CODES
        if asked.fail or asked.ignore:
            from loopcheck.faces.plugin import codes

            self.fail = codes.chosen(asked.fail, "--loopcheck-fail")
            self.ignore = codes.chosen(asked.ignore, "loopcheck_ignore", everything=False)
        self.out: report.JsonFile | None = None
        self.labels = Labels(str(config.rootpath))
        self.findings: list[Finding] = []
        self.tests: list[str] = []
        self.outcomes: dict[str, Outcome] = {}
        self.scopes: dict[str, str | None] = {}
        self.named: dict[int, LoopRecord] = {}
        self.crossings: list[Crossing] = []
        self.config = config
        self.session: pytest.Session | None = None
        self.notes: list[str] = []
        self.remote = False  # the tests run in workers
        self.wide: dict[Any, tuple[int, int | None]] = {}  # fixtures: first and last test
        self.narrow: list[FixtureLine] = []
        self.explained: set[str] = set()
        self.left: list[Finding] = []  # of the findings, those that made no test fail
        self.ignored: Counter[str] = Counter()
        self.beaten: dict[str, frozenset[str]] = {}  # by test: what a cause makes a mere symptom
        self.cleanups: list[Callable[[], None]] = [watch.install()]
        self.silent = Silent(self.labels)
        self.cleanups.append(self.silent.end)
        self.since = watch.LEDGER.serial  # a kernel's own loops are not part of the run
        watch.LEDGER.moment = 0

    def open_report(self, config: pytest.Config) -> None:
        if self.asked.json is not None and self.out is None:
            self.out = report.JsonFile(Path(config.invocation_params.dir, self.asked.json))
            self.write()

    def pytest_configure(self, config: pytest.Config) -> None:
        if not hasattr(config, "workerinput"):  # a child of a worker's test only looks like one
            self.open_report(config)
        self.remote = config.pluginmanager.hasplugin("dsession")

    # -- what passing tests pay for ----------------------------------------------------------

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.tests.append(nodeid)
        watch.LEDGER.moment = len(self.tests)
        self.silent.begin()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        # A test without another word has passed.
        if report.outcome != "passed" and self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = report.outcome
        known = vars(report)
        if KEY in known or SILENT in known or IGNORED in known:
            self.read(report, known)

    def read(self, report: pytest.TestReport, known: dict[str, Any]) -> None:
        """Take what a worker, or this process, has put on *report*."""
        from loopcheck.words import json as json_words

        for said in known.get(KEY, ()):
            self.keep(json_words.read_finding(said), report.nodeid)
        for said in known.get(SILENT, ()):
            self.keep_silent(json_words.read_finding(said))
        for code in known.get(IGNORED, ()):
            self.ignored[code] += 1

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
        if call.when == "teardown" and self.silent.anything():
            try:
                self.judge(made, item)
            except Exception as error:
                self.broken(error)
        return made

    def judge(self, made: pytest.TestReport, item: pytest.Item) -> None:
        """Put what was left without a word on the last report of the test, or fail it."""
        from loopcheck.words import json as json_words
        from loopcheck.words import text

        found = self.silent.of_test(item, self.tests, self.failing())
        found = self.not_waived(self.unbeaten(found), item, made)
        if not found:
            return
        setattr(made, SILENT, [json_words.finding(one) for one in found])
        counted = [one for one in found if one.code in self.fail]
        if counted and made.outcome == "passed":
            made.outcome = "failed"
            made.longrepr = text.findings(counted)

    def unbeaten(self, found: Iterable[Finding]) -> list[Finding]:
        """Return what is no mere symptom of a cause that its test was found to have."""
        return [one for one in found if one.code not in self.beaten.get(one.test or "", NO_CODES)]

    def not_waived(
        self, found: Iterable[Finding], item: pytest.Item | None, made: pytest.TestReport | None
    ) -> list[Finding]:
        """Return what nobody waived, and count the rest."""
        from loopcheck.faces.plugin import codes

        kept: list[Finding] = []
        waived: list[Finding] = []
        for one in found:
            guilty = self.item(one.test) if item is None or item.nodeid != one.test else item
            by_somebody = codes.waived(one, self.ignore, guilty, self.config.rootpath)
            (waived if by_somebody else kept).append(one)
        if made is None:
            self.ignored.update(one.code for one in waived)
        elif waived:
            there = getattr(made, IGNORED, [])
            setattr(made, IGNORED, [*there, *(one.code for one in waived)])
        return kept

    def item(self, nodeid: str | None) -> pytest.Item | None:
        """Return the test of that name, as this process collected it."""
        items = self.session.items if self.session is not None and nodeid is not None else ()
        return next((item for item in items if item.nodeid == nodeid), None)

    def broken(self, error: Exception) -> None:
        self.notes.append(
            f"loopcheck could not look at what a test left: {type(error).__name__}: {error};"
            " please report it"
        )

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.session = session

    def pytest_warning_recorded(self, warning_message: Any, nodeid: str) -> None:
        """Hear what was dropped after the last report of a test, or outside of all tests."""
        if warning_message.category is not RuntimeWarning or self.remote:
            return  # workers look at their own tests
        try:
            item = self.item(nodeid)
            found = self.silent.of_warning(warning_message, item, self.tests, self.failing())
            for one in self.not_waived(self.unbeaten(found), item, None):
                self.keep_silent(one)
        except Exception as error:
            self.broken(error)

    def explain(self, made: pytest.TestReport, item: pytest.Item, error: BaseException) -> None:
        """Look while the frames and loops are there; leave words and plain values on *made*."""
        from loopcheck.facts import gather
        from loopcheck.facts.probes import dropped
        from loopcheck.modes.diagnose import beaten_by, diagnose
        from loopcheck.words import json as json_words
        from loopcheck.words import text

        phase: Phase = made.when or "call"
        self.labels.cells = gather.cells()
        evidence = gather.of_failure(error, self.labels, item, phase)
        evidence = replace(evidence, dropped=dropped.held(error, item, self.labels))
        found = tuple(self.not_waived(diagnose(evidence), item, made))
        if found:
            self.beaten[item.nodeid] = self.beaten.get(item.nodeid, NO_CODES).union(
                *(beaten_by(one.code) for one in found)
            )
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

    def keep_silent(self, found: Finding) -> None:
        """Keep a fault that made no test fail, or not the one that is guilty of it."""
        if any(_same(found, one) for one in self.findings):
            return  # explained with the failure already, and dropped only now
        self.findings.append(found)
        self.left.append(found)
        if found.test is not None and self.outcomes.get(found.test) == "failed":
            self.explained.add(found.test)
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
            loop = next((e for e in self.entries() if e.scope == scope and _up(e, first)), None)
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
        return timeline(
            tests, self.entries(), self.named, self.fixture_lines(), self.crossings, self.labels
        )

    def entries(self) -> list[watch.Entry]:
        return [entry for entry in list(watch.LEDGER.entries) if entry.serial > self.since]

    def failed(self) -> int:
        return len(self.failing())

    def failing(self) -> set[str]:
        return {nodeid for nodeid, outcome in self.outcomes.items() if outcome == "failed"}

    def write(self) -> None:
        if self.out is not None:
            from loopcheck.modes.diagnose import merged
            from loopcheck.words import json as json_words

            self.out.replace(
                json_words.report(
                    merged(self.findings),
                    version=loopcheck.__version__,
                    tests=len(self.tests),
                    failed=self.failed(),
                    explained=len(self.explained),
                    timeline=self.picture(),
                    ignored=self.ignored.total(),
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
        if not self.asked.show or not (self.findings or self.ignored or self.notes):
            return
        from loopcheck.modes.diagnose import merged
        from loopcheck.words import silent as silent_words
        from loopcheck.words import text

        explained = [one for one in self.findings if one not in self.left]
        terminalreporter.section("loopcheck", sep="-")
        for line in [
            *silent_words.lines(merged(self.left)),
            *text.summary(merged(explained)),
            *filter(None, [silent_words.by_code(self.findings, self.ignored)]),
            *self.notes,
        ]:
            terminalreporter.line(line)

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()


def _same(one: Finding, other: Finding) -> bool:
    """Return whether both are one fault of one test."""
    return (one.code, one.where, one.subject, one.test) == (
        other.code,
        other.where,
        other.subject,
        other.test,
    )


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
