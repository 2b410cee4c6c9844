"""What happens in a run with --loopcheck: watch a little, explain after a failure.

Each concern has hooks of its own; here they are put together.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import loopcheck
from loopcheck import collector
from loopcheck.labels import Labels, cells
from loopcheck.plugin import ours
from loopcheck.plugin.asked import Asked, codes_of
from loopcheck.plugin.collection import Collection
from loopcheck.plugin.dirty import Dirty, Looks
from loopcheck.plugin.found import TITLE, Found
from loopcheck.plugin.judgement import Judgement
from loopcheck.plugin.left_over import LeftOver
from loopcheck.plugin.listening import Waiting
from loopcheck.plugin.outlived import Wide
from loopcheck.plugin.picture import Picture
from loopcheck.plugin.reporting.under_failures import UnderFailures
from loopcheck.plugin.silent import Silent
from loopcheck.plugin.swallowed import SwallowedErrors
from loopcheck.plugin.uncollected import Uncollected
from loopcheck.plugin.unrun import Unrun
from loopcheck.plugin.watches.blocked import Blocked
from loopcheck.plugin.watches.databases import Databases
from loopcheck.plugin.watches.doubles import Doubles
from loopcheck.plugin.watches.handed import Handed
from loopcheck.plugin.watches.locks import Locks
from loopcheck.plugin.watches.patched import Patched
from loopcheck.plugin.watches.registrations import Registrations
from loopcheck.plugin.wide_fixtures import WideFixtures
from loopcheck.source import project_files
from loopcheck.watch import blocked_steps, faults, patches, swallowed, veil
from loopcheck.watch import loops as watch
from loopcheck.watch.limits.asyncio_limits import Limits
from loopcheck.watch.runs import expected_warnings

if TYPE_CHECKING:  # what explains is imported when there is something: most runs have nothing
    from loopcheck.plugin.hang import Hang
    from loopcheck.plugin.repeated_failures import Repeated
    from loopcheck.plugin.reporting.report import JsonFile
    from loopcheck.plugin.set_up_on import SetUpOn
    from loopcheck.records import FixtureRecord, HangRecord

SOURCE = "loopcheck.source.parsed_files"  # imported by what looks, after the first failure
TESTS_WITHOUT_TREES = 20


def begin(config: pytest.Config, asked: Asked) -> None:
    """Install the watches and register the hooks of a run."""
    run = Run(config, asked)
    # A worker is started as `python -c …`; a pytest that its tests start inherits the variable.
    worker = "PYTEST_XDIST_WORKER" in os.environ and sys.argv[:1] == ["-c"]
    if not worker:
        run.open_report(config)
    hooks = [run, run.judgement, WideFixtures(run.picture, run.handed)]
    hooks.append(Collection(run.found, run.labels))
    hooks.append(Uncollected(run.found, run.labels, show=asked.show))
    hooks.append(Waiting(run))
    if "xdist" in sys.modules:
        from loopcheck.plugin.reporting import workers  # late, as all that only some runs need

        hooks.append(workers.Workers(run.found))
    if getattr(config.known_args_namespace, "xmlpath", None):
        from loopcheck.plugin.reporting import junit

        hooks.append(junit.Latecomers(run.found))
    if asked.again:
        from loopcheck.plugin.again import Again

        hooks.append(Again(run.found, run.picture, run.silent))
    if asked.show:
        hooks.append(UnderFailures(run.found))
    if asked.show and os.environ.get("GITHUB_ACTIONS") == "true":
        from loopcheck.plugin.reporting import github

        hooks.append(github.Annotations(run.found))
    if asked.keep:
        from loopcheck.plugin.displaced import Displaced
        from loopcheck.plugin.set_up_on import SetUpOn

        run.set_up_on = SetUpOn(run.picture)
        hooks += [Displaced(), run.set_up_on]
    if asked.store:
        hooks.append(Looks(run.dirty))
    if sys.version_info >= (3, 14):
        from loopcheck.plugin.kept import Kept

        hooks.append(Kept(run.found))
    if run.hang is not None:
        hooks.append(run.hang)
    for one in hooks:
        run.register(config, one)
    config.add_cleanup(run.end)


def _show_hooks_only(cls: type) -> None:
    """Let `dir` name the hooks alone: pytest tries each name of a plugin for a fixture, twice."""
    names = [name for name in vars(cls) if name.startswith("pytest_")]
    cls.__dir__ = lambda self: names  # type: ignore[assignment,method-assign,misc]


class Run:
    """One pytest session. It holds records and numbers, no object of a test's."""

    def __init__(self, config: pytest.Config, asked: Asked) -> None:
        self.asked = asked
        limit = _limit(asked.hang) if asked.hang else None
        self.out: JsonFile | None = None
        self.labels = Labels(str(config.rootpath))
        self.found = Found(config, codes_of(asked), again=asked.again)
        self.found.changed = self.write
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
        if limit is not None:
            from loopcheck.plugin.hang import Hang

            self.hang = Hang(limit, self.labels, config, self.explain_hang)
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
        self.unrun = Unrun(self.judgement, self.labels)
        self.set_up_on: SetUpOn | None = None
        self._repeated: Repeated | None = None
        self.used: tuple[FixtureRecord, ...] = ()
        self.modules = 0  # how many there were as the last test began
        self.trees = (0, 0)  # how many texts were parsed, and the last test that had one parsed
        watch.LEDGER.moment, watch.LEDGER.test = 0, ""

    def register(self, config: pytest.Config, hooks: object) -> None:
        _show_hooks_only(type(hooks))
        config.pluginmanager.register(hooks, f"loopcheck-{type(hooks).__name__.lower()}")

    def open_report(self, config: pytest.Config) -> None:
        if self.asked.json is not None and self.out is None:
            from loopcheck.plugin.reporting.report import JsonFile

            first = "{}"  # where a fault of ours leaves no better one
            with ours.guarded(f"write {self.asked.json}", self.found.notes):
                first = self.report()
            self.out = JsonFile(Path(self.asked.json), first)

    def pytest_configure(self, config: pytest.Config) -> None:
        if not hasattr(config, "workerinput"):  # a child of a worker's test only looks like one
            self.open_report(config)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.found.session = session

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        self.registrations.loaded()
        if isinstance(collector, pytest.Module):
            self.doubles.importing(collector.path)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Watch what was imported before others go on, and look at the tests when they have."""
        self.databases.loaded()
        for watching in (self.doubles, self.left_over):
            watching.collected()
        done = yield
        for looking in (self.handed, self.wide, self.unrun):
            looking.collected(session)
        if "pyfakefs" in sys.modules:  # among its files there would be no modes to read
            from loopcheck.modes import catalogue

            catalogue.modes()
        return done

    # -- what passing tests pay for, and what `Waiting` asks: each hook takes 1 µs to be called ---

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.found.tests.append(nodeid)
        watch.LEDGER.moment, watch.LEDGER.test = len(self.found.tests), nodeid
        expected_warnings.begin_test()
        if self.silent.read:
            self.silent.read.clear()  # the warnings of this test are new ones
        if patches.undone:
            patches.begin()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if self.left_over.stories:
            self.left_over.begin()
        if self.modules != len(sys.modules):
            self.modules = len(sys.modules)
            self.loaded()
        if self.handed.stories.known or "callspec" in vars(item):
            self.handed.begin(item, self.found.tests)
        blocked_steps.awake()  # also where its thread was ended for a fork
        self.limited.item = item
        self.found.trying = None
        if SOURCE in sys.modules:
            self.forget_trees()

    def forget_trees(self) -> None:
        """Let syntax trees go once several tests in a row had no use for them.

        Each garbage collection visits their nodes, and some suites collect after each test. To
        parse a file again takes as long as some twenty such visits.
        """
        parsed, last = self.trees
        read = sys.modules[SOURCE]
        if read.parsed != parsed:
            self.trees = read.parsed, len(self.found.tests)
        elif last and len(self.found.tests) - last >= TESTS_WITHOUT_TREES:
            self.trees = parsed, 0
            read.forget()

    def loaded(self) -> None:
        """Modules were imported since the last test: there may be something new to watch."""
        veil.over_new_modules()
        self.databases.loaded()
        self.registrations.loaded()
        self.locks.loaded()
        self.dirty.loaded()
        self.patched.loaded()
        self.limited.loaded()
        self.left_over.loaded()
        self.silent.loaded()
        self.limited.made_ready(self.left_over.grown.files)

    # -- what a failure pays for ---------------------------------------------------------------

    def made(self, made: pytest.TestReport, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        """Look at what a phase of a test came to, and left."""
        if made.outcome != "passed":  # who runs tests again hands reports out when it is over
            self.found.trying = item.nodeid
            self.limited.failed()
        if made.outcome == "failed" and call.excinfo is not None:  # unittest fills it in only now
            try:
                self.explain(made, item, call.excinfo.value)
            except Exception as error:
                made.sections.append((TITLE, ours.said("look at this failure", error)))
        if call.when == "setup":
            if made.passed and self.left_over.stories:
                self.left_over.set_up()
        elif call.when == "teardown":
            self.limited.item = None
            if self.silent.anything():
                self.judgement.over(made, item)
            if swallowed.entries:
                self.swallowed.over(made, item)

    @property
    def repeated(self) -> Repeated:
        """What the looks at failures so far have found."""
        if self._repeated is None:
            # Late: most runs have no failure.
            from loopcheck.plugin.repeated_failures import Repeated

            self._repeated = Repeated()
        return self._repeated

    def explain(self, made: pytest.TestReport, item: pytest.Item, error: BaseException) -> None:
        with collector.still():
            from loopcheck.plugin import explained  # late: most runs have nothing to explain

            explained.failure(self, made, item, error)

    def explain_hang(self, made: pytest.TestReport, item: pytest.Item, hung: HangRecord) -> None:
        with collector.still():
            from loopcheck.plugin import explained

            explained.hang(self, made, item, hung)

    # -- the end ---------------------------------------------------------------------------------

    def write(self) -> None:
        if self.out is not None:
            with ours.guarded(f"write {self.asked.json}", self.found.notes):
                self.out.replace(self.report())

    def report(self) -> str:
        """Return the JSON of what is known by now."""
        from loopcheck.report import json as json_words

        return json_words.report(
            self.found.merged(),
            version=loopcheck.__version__,
            tests=len(self.found.tests),
            failed=len(self.found.failing()),
            explained=len(self.found.explained),
            counted_alike=self.found.alike.total(),
            timeline=self.picture.timeline(),
            ignored=self.found.ignored.total(),
            fixtures=self.used,
        )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.asked.keep or self.out is not None:
            with ours.guarded("draw this run", self.found.notes):
                self.picture.note_scopes(session)
        if self.set_up_on is not None:
            with ours.guarded("keep this run for the notebook", self.found.notes):
                self.keep(session, self.set_up_on)
        self.found.notes += [ours.noted("watch all of this run", line) for line in faults.seen]
        faults.seen.clear()
        self.write()
        read = sys.modules.get(SOURCE)
        if read is not None:
            read.forget()  # pytest collects twice from here on, and Python once more

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        known = self.found
        told = known.findings or known.ignored or known.ran or known.notes or known.failing()
        if self.asked.show and told:
            from loopcheck.plugin.reporting import summary

            summary.show(terminalreporter, known)

    def keep(self, session: pytest.Session, set_up_on: SetUpOn) -> None:
        """Leave all of it for the notebook, in whose process this may be."""
        from loopcheck.plugin.reporting import summary

        self.labels.cells = cells()
        self.used = summary.fixtures_used(session, self.labels, set_up_on)
        summary.to_journal(session, self.found, self.picture, self.used)

    def end(self) -> None:
        while self.cleanups:
            self.cleanups.pop()()


def _project(config: pytest.Config) -> list[str]:
    """Return the folders that a run is about: its root, and those of the tests it was given."""
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
