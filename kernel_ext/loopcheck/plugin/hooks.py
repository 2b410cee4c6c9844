"""A run with --loopcheck: it watches a little, and explains after a failure.

Each concern has its own hooks; this module puts them together.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck import abilities
from loopcheck.labels import cells
from loopcheck.plugin import listening, ours
from loopcheck.plugin.asked import Asked
from loopcheck.plugin.collection import Collection
from loopcheck.plugin.quit_signal.handler import QuitSignal
from loopcheck.plugin.reporting.under_failures import UnderFailures
from loopcheck.plugin.run_state import RunState
from loopcheck.plugin.uncollected import Uncollected
from loopcheck.plugin.watches.dirty import Looks
from loopcheck.plugin.wide_fixtures import WideFixtures
from loopcheck.watch import blocked_steps, faults, patches, veil
from loopcheck.watch import loops as watch
from loopcheck.watch.runs import expected_warnings

if TYPE_CHECKING:
    from loopcheck.plugin.set_up_on import SetUpOn

SOURCE = "loopcheck.source.parsed_files"  # the first look after a failure imports it
TESTS_WITHOUT_TREES = 20


def begin(config: pytest.Config, asked: Asked) -> None:
    """Install the watches and register the hooks of a run."""
    run = Run(config, asked, listening.explain_hang)
    # A worker is started as `python -c …`; a pytest that its tests start inherits the variable.
    worker = "PYTEST_XDIST_WORKER" in os.environ and sys.argv[:1] == ["-c"]
    if not worker:
        run.open_reports()
    hooks: list[object] = [run, run.judgement, WideFixtures(run.picture, run.handed, run.left_over)]
    hooks.append(Collection(run.found, run.labels))
    hooks.append(Uncollected(run.found, run.labels, show=asked.show))
    hooks.append(listening.Waiting(run))
    if "xdist" in sys.modules:
        from loopcheck.plugin.reporting import workers  # late: only some runs need it

        hooks.append(workers.Workers(run.found))
    if getattr(config.known_args_namespace, "xmlpath", None):
        from loopcheck.plugin.reporting import junit_suite

        hooks.append(junit_suite.Latecomers(run.found))
    if asked.again:
        from loopcheck.plugin.again import Again

        hooks.append(Again(run.found, run.picture, run.silent))
    if asked.show:
        hooks.append(QuitSignal(run))
        hooks.append(UnderFailures(run))
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


class Run(RunState):
    """The hooks of a pytest session that concern more than one watch."""

    def pytest_configure(self, config: pytest.Config) -> None:
        if not hasattr(config, "workerinput"):  # a child of a worker's test looks like one
            self.open_reports()

    def pytest_report_header(self) -> str | None:
        return None if abilities.THREADS else f"loopcheck: {abilities.NO_THREADS}"

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.found.session = session

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        self.registrations.loaded()
        if isinstance(collector, pytest.Module):
            self.doubles.importing(collector.path)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> Generator[None, object, object]:
        """Watch the modules imported before other hooks run, and look at the tests after them."""
        self.databases.loaded()
        for watching in (self.doubles, self.left_over):
            watching.collected()
        done = yield
        for looking in (self.handed, self.wide, self.unrun):
            looking.collected(session)
        if "pyfakefs" in sys.modules:  # its files would contain no modes to read
            from loopcheck.modes import catalogue

            catalogue.modes()
        return done

    # -- what passing tests pay for, and what `Waiting` needs: each hook call costs 1 µs ---

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.exit.begin()
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
        blocked_steps.awake()  # also if its thread had ended for a fork
        self.limited.item = item
        self.found.trying = None
        if SOURCE in sys.modules:
            self.forget_trees()

    def forget_trees(self) -> None:
        """Drop syntax trees once several tests in a row had no use for them.

        Each garbage collection visits their nodes, and some suites collect after each test. Parsing
        a file again takes as long as some twenty of these visits.
        """
        parsed, last = self.trees
        read = sys.modules[SOURCE]
        if read.parsed != parsed:
            self.trees = read.parsed, len(self.found.tests)
        elif last and len(self.found.tests) - last >= TESTS_WITHOUT_TREES:
            self.trees = parsed, 0
            read.forget()

    def loaded(self) -> None:
        """Called if modules were imported since the last test: there may be more to watch."""
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

    # -- the end ---------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.asked.keep or self.report_files:
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
            read.forget()  # from here on pytest collects twice, and Python once more

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        known = self.found
        told = known.findings or known.ignored or known.ran or known.notes or known.failing()
        if self.asked.show and (told or self.asked.format == "json"):
            from loopcheck.plugin.reporting import summary

            summary.show(terminalreporter, self)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Show the summary if a plugin has taken the place of pytest's terminal."""
        if self.found.findings and listening.is_terminal_replaced(config):
            from loopcheck.plugin.reporting import summary

            self.pytest_terminal_summary(summary.ErrorStream(config))

    def keep(self, session: pytest.Session, set_up_on: SetUpOn) -> None:
        """Leave everything for the notebook, if this is its process."""
        from loopcheck.plugin.reporting import summary

        self.labels.cells = cells()
        self.used = summary.fixtures_used(session, self.labels, set_up_on)
        summary.to_journal(session, self.found, self.picture, self.used)
