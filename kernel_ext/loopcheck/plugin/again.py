"""--loopcheck-again: a failed test runs a second time with every watch on, and counts once.

The first outcome counts. The second run may only add to the same failure: its reports go nowhere,
and fixtures wider than the test stay up for it.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Literal

import pytest

from loopcheck.plugin.ours import guarded
from loopcheck.plugin.report_attributes import IGNORED, KEY, SILENT
from loopcheck.watch import loop_leaks
from loopcheck.watch.loops import LEDGER

if TYPE_CHECKING:
    from loopcheck.plugin.found import Found
    from loopcheck.plugin.picture import Picture
    from loopcheck.plugin.silent import Silent

When = Literal["setup", "call", "teardown"]
Reports = dict[str, pytest.TestReport]

OPTION = "--loopcheck-again"
# Their output appears live, or a person is in a debugger: nothing may happen twice.
LIVE = ("usepdb", "trace", "setupshow", "setuponly", "setupplan")


class Again:
    """Runs the tests, as pytest does, and the failed ones once more."""

    def __init__(self, found: Found, picture: Picture, silent: Silent) -> None:
        self.found, self.picture, self.silent = found, picture, silent
        self.other: str | None = None
        self.meanwhile: ExitStack | None = None  # while a test runs for the second time
        self.down: pytest.TestReport | None = None
        self.labels = picture.labels
        self.parts: set[str] = set()  # tests with reported subtests: once is enough

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        self.other = _other(session.config)
        if self.other is not None:
            self.found.notes.append(f"{OPTION} ran no test again: {self.other} runs the tests.")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if hasattr(report, "context"):  # a SubtestReport, of pytest 9 or of pytest-subtests
            self.parts.add(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(
        self, item: pytest.Item, nextitem: pytest.Item | None
    ) -> bool | None:
        if self.other is not None or not _can(item):
            return None
        hook = item.ihook
        hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        try:
            self._run(item, nextitem)
        finally:
            item._request = False  # type: ignore[attr-defined]
            item.funcargs = None  # type: ignore[attr-defined]
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def _run(self, item: pytest.Item, nextitem: pytest.Item | None) -> None:
        before = self.labels.seen()
        if not item._request:  # type: ignore[attr-defined]
            item._initrequest()  # type: ignore[attr-defined]
        first = _up(item, log=True)
        failed = any(made.failed for made in first.values()) and item.nodeid not in self.parts
        # Fixtures wider than the test stay up for the second run, and are torn down after it.
        down_to = item.parent if failed else _next(item, nextitem)
        last = first["teardown"] = _phase(item, "teardown", nextitem=down_to)
        try:
            if failed or last.failed:
                wider = self._second(item, first, before, _next(item, nextitem))
                if failed:
                    _add(last, wider)
        finally:
            item.ihook.pytest_runtest_logreport(report=last)

    def _second(
        self, item: pytest.Item, first: Reports, before: Any, following: Any
    ) -> pytest.TestReport:
        """Run *item* again; return how the wider fixtures were torn down before *following*."""
        with ExitStack() as self.meanwhile:
            self.meanwhile.enter_context(self._unheard(item, before))
            second = _up(item, log=False)
            wider = _phase(item, "teardown", nextitem=following)
        second["teardown"] = self.down or wider
        self.down = None
        with guarded("compare both runs of a test", self.found.notes):
            from loopcheck.plugin.reporting import second as both

            both.compare(item, first, second, self.found.codes.fail)
        return wider

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """At the end of a second run: tear down the test's own fixtures, and listen again.

        The rest of this phase is wider than the test: it belongs to the first run.
        """
        if self.meanwhile is None:
            return
        state = item.session._setupstate

        def down() -> None:
            state.teardown_exact(item.parent)  # type: ignore[arg-type]
            with guarded("look at what a test left", self.found.notes):
                loop_leaks.note_kept(LEDGER.moment)

        call = pytest.CallInfo.from_call(
            down,
            when="teardown",
            reraise=(pytest.exit.Exception, KeyboardInterrupt),
        )
        self.down = item.ihook.pytest_runtest_makereport(item=item, call=call)
        gc.collect()  # report what it left now, not in the next test
        self.silent.forget()
        self.meanwhile.close()
        self.meanwhile = None

    @contextmanager
    def _unheard(self, item: pytest.Item, before: Any) -> Iterator[None]:
        """Switch every watch on, and leave no trace of what happens meanwhile."""
        from loopcheck.watch import every_watch

        gc.collect()  # the first run's leftovers stay its own
        kept = (self.labels.seen(), list(item._report_sections), list(item.user_properties))
        self.labels.take_back(before)  # the same loop has the same number in both runs
        undo = every_watch.install()
        try:
            with warnings.catch_warnings(record=True), self.picture.looking_away():
                _fresh(item)
                yield
        finally:
            undo()
            self.labels.take_back(kept[0])
            item._report_sections[:], item.user_properties[:] = kept[1], kept[2]


def _add(last: pytest.TestReport, wider: pytest.TestReport) -> None:
    """Add to *last* what it would hold if all fixtures had been torn down at once."""
    if wider.failed and last.passed:
        last.outcome, last.longrepr = wider.outcome, wider.longrepr
    elif wider.failed:
        last.sections.append(("teardown of wider fixtures", wider.longreprtext))
    last.sections.extend(one for one in wider.sections if one not in last.sections)
    for name in (KEY, SILENT, IGNORED):
        if hasattr(wider, name):
            setattr(last, name, [*getattr(last, name, []), *getattr(wider, name)])


def _can(item: pytest.Item) -> bool:
    """True if *item* may run twice: other kinds keep the state of the first run."""
    if not isinstance(item, pytest.Function):
        return False
    return not any(item.config.getoption(option, False) for option in LIVE)


def _other(config: pytest.Config) -> str | None:
    """Return the plugin that runs tests in its own way: it would conflict with ours."""
    for hook in config.hook.pytest_runtest_protocol.get_hookimpls():
        around = hook.hookwrapper or getattr(hook, "wrapper", False)
        if not around and not isinstance(hook.plugin, Again) and hook.plugin_name != "runner":
            return str(hook.plugin_name)
    return None


def _fresh(item: pytest.Item) -> None:
    """Reset *item* to its state after collection: no fixture's value, no earlier `self`."""
    item._initrequest()  # type: ignore[attr-defined]
    if isinstance(item.parent, pytest.Class) and vars(item).get("_instance") is not None:
        for name in ("_instance", "_obj"):
            vars(item).pop(name, None)


def _up(item: pytest.Item, *, log: bool) -> Reports:
    reports = {"setup": _phase(item, "setup", log=log)}
    if reports["setup"].passed:
        reports["call"] = _phase(item, "call", log=log)
    return reports


def _phase(
    item: pytest.Item, when: When, *, log: bool = False, **further: Any
) -> pytest.TestReport:
    from _pytest.runner import call_and_report  # it has no public name; since pytest 3

    return call_and_report(item, when, log, **further)


def _next(item: pytest.Item, nextitem: pytest.Item | None) -> pytest.Item | None:
    """Return the next item for pytest's teardown: None with -x, since the run is over."""
    over = item.session.shouldfail or item.session.shouldstop
    return None if over else nextitem
