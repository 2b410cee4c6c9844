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
from loopcheck.plugin.report_attributes import ALIKE, KEY, WORDS
from loopcheck.plugin.reporting import junit, text_on_report
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
    look_at_failure(run, made, item, call)
    look_at_leftovers(run, made, item, call)


def look_at_failure(
    run: RunState, made: pytest.TestReport, item: pytest.Item, call: pytest.CallInfo[None]
) -> None:
    """Explain a phase that did not pass."""
    if made.outcome != "passed":  # a plugin that reruns tests passes reports on when it is over
        run.found.trying = item.nodeid
        run.limited.failed()
    if made.outcome == "failed" and call.excinfo is not None:  # unittest only sets it now
        try:
            explain(run, made, item, call.excinfo.value)
        except Exception as error:
            text_on_report.put_text(made, ours.said("look at this failure", error))
        run.silent.let_go(call.excinfo.value)


def look_at_leftovers(
    run: RunState, made: pytest.TestReport, item: pytest.Item, call: pytest.CallInfo[None]
) -> None:
    """Look at what a phase left, whether it passed or not."""
    if call.when == "setup":
        if made.passed and run.left_over.stories:
            run.left_over.set_up()
    elif call.when == "teardown":
        run.limited.item = None
        if run.silent.anything():
            with ours.alarm_paused():
                run.judgement.over(made, item)
        if swallowed.entries:
            with ours.alarm_paused():
                run.swallowed.over(made, item)


def explain(
    run: RunState, made: pytest.TestReport, item: pytest.Item, error: BaseException
) -> None:
    """Explain a failure on its report."""
    with collector.still(), ours.alarm_paused():
        from loopcheck.plugin import explained  # late: most runs have nothing to explain

        explained.failure(run, made, item, error)


def explain_hang(
    run: RunState, made: pytest.TestReport, item: pytest.Item, hung: HangRecord
) -> None:
    """Explain a test that can't be ended on the report that it gets."""
    with collector.still():
        from loopcheck.plugin import explained

        explained.hang(run, made, item, hung)


class Explaining:
    """Explains a failure before other plugins see its report: Allure copies its text at once."""

    def __init__(self, run: RunState) -> None:
        self.run = run
        self.made: pytest.TestReport | None = None  # the latest report of a failure

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport | None:
        if call.excinfo is None:
            return None
        made = made_without_wrappers(self, self.run, item, call)
        if made is not None:
            look_at_failure(self.run, made, item, call)
            self.made = made
        return made


class Listening:
    """Receives every report as the other plugins have left it."""

    def __init__(self, run: RunState, explaining: Explaining) -> None:
        self.run, self.explaining = run, explaining

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        made = yield
        if made is not self.explaining.made:  # another plugin has made one of its own
            look_at_failure(self.run, made, item, call)
        elif made.outcome != "failed" and KEY in vars(made):
            forgive(made, item)
        look_at_leftovers(self.run, made, item, call)
        return made

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        known = vars(report)
        if report.failed and report.when == "call" and not self._pytests_terminal():
            text_on_report.put_section(report)
        if report.outcome in ("passed", "skipped"):
            known.pop(KEY, None)  # it failed, and other plugins have changed it since
            known.pop(ALIKE, None)
        # A test without any other report has passed.
        if report.outcome != "passed" or self.run.asked.again or not WORDS.isdisjoint(known):
            with ours.alarm_paused():  # a report in a file has edits in it
                self.run.found.hear(report)

    def _pytests_terminal(self) -> bool:
        """True if pytest's own terminal, or a descendant of it, shows the failures.

        A terminal in its place may draw the tracebacks of failed tests from their parts. It prints
        the errors of fixtures as they are, so that those have our text in one place only.
        """
        return self.run.found.config.pluginmanager.hasplugin("terminalreporter")


def is_terminal_replaced(config: pytest.Config) -> bool:
    """True if a plugin has taken the place of pytest's terminal, rather than a person or xdist."""
    plugins = config.pluginmanager
    return not (plugins.hasplugin("terminalreporter") or plugins.is_blocked("terminal"))


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
        explaining = Explaining(self.run)
        self.run.register(config, explaining)
        self.run.register(config, Listening(self.run, explaining))

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
        made = made_without_wrappers(self, self.run, item, call)
        self._listen(item.config)
        if made is None:
            return None  # as without us
        if item.session.testsfailed:  # and without an error: an expected one did not come
            self.run.found.outcomes[item.nodeid] = "failed"
        phase_ended(self.run, made, item, call)
        return made


def made_without_wrappers(
    caller: object, run: RunState, item: pytest.Item, call: pytest.CallInfo[None]
) -> pytest.TestReport | None:
    """Return the report as it is before the wrappers of other plugins get it."""
    hook = None
    with ours.guarded("listen to reports", run.found.notes):
        hook = _without_wrappers(caller, item)
    made: pytest.TestReport | None = hook(item=item, call=call) if hook is not None else None
    return made


def _without_wrappers(caller: object, item: pytest.Item) -> Any:
    """Return the hook without the callers before *caller*, and with the plugin that handles xfail.

    Other wrappers around reports still run, and once; pytest's own are harmless when they run
    twice.
    """
    called = item.ihook.pytest_runtest_makereport.get_hookimpls()  # the last one first
    after = called[: [one.plugin is caller for one in called].index(True)]
    wanted = {id(one.plugin) for one in after if not (one.wrapper or one.hookwrapper)}
    plugins = item.config.pluginmanager
    wanted.add(id(plugins.get_plugin("skipping")))
    everyone = plugins.hook.pytest_runtest_makereport.get_hookimpls()
    others = [one.plugin for one in everyone if id(one.plugin) not in wanted]
    return plugins.subset_hook_caller("pytest_runtest_makereport", others)


def forgive(made: pytest.TestReport, item: pytest.Item) -> None:
    """Remove the findings in a failure that another plugin no longer counts as one."""
    codes = {one["code"] for one in vars(made).pop(KEY)}
    text_on_report.put_text(made, None)
    junit.unmark(item, made, codes)
