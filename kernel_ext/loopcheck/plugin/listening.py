"""Listens to test reports from the first one that matters, since passing ones do not.

Listening to every report was two fifths of what a passing test paid for us. A hook that only checks
whether there was an error costs a third of that; it registers the full listener when there is one.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck import collector
from loopcheck.plugin import ours
from loopcheck.plugin.report_attributes import KEY, WORDS
from loopcheck.plugin.reporting import text_on_report
from loopcheck.watch import swallowed

if TYPE_CHECKING:
    from loopcheck.plugin.run_state import RunState
    from loopcheck.records import HangRecord

# A plugin that runs tests or makes their reports in its own way may only show us the last one.
THEIRS = ("pytest_runtestloop", "pytest_runtest_protocol", "pytest_runtest_makereport")


def phase_ended(
    run: RunState, made: pytest.TestReport, item: pytest.Item, call: pytest.CallInfo[None]
) -> None:
    """Look at the result of a test's phase, and at what it left."""
    if made.outcome != "passed":  # a plugin that reruns tests passes reports on when it is over
        run.found.trying = item.nodeid
        run.limited.failed()
    if made.outcome == "failed" and call.excinfo is not None:  # unittest only sets it now
        try:
            explain(run, made, item, call.excinfo.value)
        except Exception as error:
            text_on_report.put_text(made, ours.said("look at this failure", error))
    if call.when == "setup":
        if made.passed and run.left_over.stories:
            run.left_over.set_up()
    elif call.when == "teardown":
        run.limited.item = None
        if run.silent.anything():
            run.judgement.over(made, item)
        if swallowed.entries:
            run.swallowed.over(made, item)


def explain(
    run: RunState, made: pytest.TestReport, item: pytest.Item, error: BaseException
) -> None:
    """Explain a failure on its report."""
    with collector.still():
        from loopcheck.plugin import explained  # late: most runs have nothing to explain

        explained.failure(run, made, item, error)


def explain_hang(
    run: RunState, made: pytest.TestReport, item: pytest.Item, hung: HangRecord
) -> None:
    """Explain a test that can't be ended on the report that it gets."""
    with collector.still():
        from loopcheck.plugin import explained

        explained.hang(run, made, item, hung)


class Listening:
    """Receives every report as the other plugins have left it."""

    def __init__(self, run: RunState) -> None:
        self.run = run

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        made = yield
        phase_ended(self.run, made, item, call)
        return made

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        known = vars(report)
        if report.outcome in ("passed", "skipped"):
            known.pop(KEY, None)  # it failed, and other plugins have changed it since
        # A test without any other report has passed.
        if report.outcome != "passed" or self.run.asked.again or not WORDS.isdisjoint(known):
            self.run.found.hear(report)


class Waiting:
    """Waits for the first phase of a test that does more than pass."""

    def __init__(self, run: RunState) -> None:
        self.run = run

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        run = self.run
        if run.asked.again or run.hang or session.testsfailed or self._strangers(session.config):
            self._listen(session.config)

    def _strangers(self, config: pytest.Config) -> bool:
        """True if other plugins run tests, or decide their outcomes."""
        hooks = [getattr(config.hook, name) for name in THEIRS]
        return any(self._strange(one) for hook in hooks for one in hook.get_hookimpls())

    def _strange(self, one: Any) -> bool:
        module = str(getattr(one.function, "__module__", ""))
        if one.plugin is self or module.startswith("_pytest."):
            return False
        return module.startswith("loopcheck.") or not (one.wrapper or one.hookwrapper)

    def _listen(self, config: pytest.Config) -> None:
        config.pluginmanager.unregister(self)
        self.run.register(config, Listening(self.run))

    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport | None:
        if call.excinfo is None:
            if call.when != "teardown":
                if call.when == "setup" and self.run.left_over.stories:
                    self.run.left_over.set_up()
                return None
            failed = item.session.testsfailed
            if not (failed or self.run.silent.anything() or self.run.swallowed.anything()):
                self.run.limited.item = None
                return None
        return self._first(item, call)

    def _first(self, item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
        """Return the report of a phase that matters, and listen from here on."""
        hook = None
        with ours.guarded("listen to reports", self.run.found.notes):
            hook = self._pytests_own(item)
        made: pytest.TestReport | None = hook(item=item, call=call) if hook is not None else None
        self._listen(item.config)
        if made is None:
            return None  # as without us
        if item.session.testsfailed:  # and without an error: an expected one did not come
            self.run.found.outcomes[item.nodeid] = "failed"
        phase_ended(self.run, made, item, call)
        return made

    def _pytests_own(self, item: pytest.Item) -> Any:
        """Return the hook without the callers before us, and with the plugin that handles xfail.

        Other wrappers around reports still run, and once; pytest's own are harmless when they run
        twice.
        """
        called = item.ihook.pytest_runtest_makereport.get_hookimpls()  # the last one first
        after = called[: [one.plugin is self for one in called].index(True)]
        wanted = {id(one.plugin) for one in after if not (one.wrapper or one.hookwrapper)}
        plugins = item.config.pluginmanager
        wanted.add(id(plugins.get_plugin("skipping")))
        everyone = plugins.hook.pytest_runtest_makereport.get_hookimpls()
        others = [one.plugin for one in everyone if id(one.plugin) not in wanted]
        return plugins.subset_hook_caller("pytest_runtest_makereport", others)
