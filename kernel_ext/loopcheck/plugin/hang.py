"""`--loopcheck-hang=SECONDS`: stops a test that hangs, reports why, and continues the run."""

from __future__ import annotations

import math
import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.attach import target_process
from loopcheck.clock import monotonic, now
from loopcheck.source import user_code

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.records import HangRecord
    from loopcheck.watch.hang.hang_phase import Phase

    LastWords = Callable[[pytest.TestReport, pytest.Item, HangRecord], None]

FAREWELL = 5.0  # seconds for the report of a run that can't go on


def seconds(said: str, option: str) -> float:
    """Return the limit in *said*; raise a usage error if it is invalid."""
    try:
        found = float(said)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and found > 0):
        raise pytest.UsageError(
            f"{option}: `{said}` is not a number of seconds above 0. Write {option}=5, or 0.5."
        )
    return found


class Hang:
    """The hooks that start the clock, and fail the tests that had to be stopped."""

    def __init__(
        self, limit: float, labels: Labels, config: pytest.Config, last_words: LastWords
    ) -> None:
        from loopcheck.labels import cells
        from loopcheck.watch.hang.hang_clock import Watchdog  # late: it imports asyncio

        labels.cells = cells()  # we look at a hang before any hook knows of a failure
        self.config = config
        self.limit = limit
        self.found: dict[tuple[str, str], HangRecord] = {}
        self.last_words = last_words
        self.test_began = 0.0  # wall-clock time of its setup
        self.dog = Watchdog(limit, labels, self.give_up)
        self.dog.start()

    def pytest_configure(self) -> None:
        self.dog.take_signals(_is_free)

    def end(self) -> None:
        self.dog.stop()

    def of(self, item: pytest.Item, when: str) -> HangRecord | None:
        """Return the record of *item*'s hang in that phase, None if it did not hang."""
        return self.found.get((item.nodeid, when))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        return (yield from self.timed(item, "setup"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        return (yield from self.timed(item, "call"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        return (yield from self.timed(item, "teardown"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: Any, request: Any
    ) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        phase = self.dog.phase
        if phase is None:
            return (yield)
        before, phase.fixture = phase.fixture, str(fixturedef.argname)
        codes, phase.codes = phase.codes, _codes(fixturedef.func)
        phase.anew()
        try:
            return (yield)
        except BaseException as error:
            if phase.ended is not None and fixturedef.cached_result is None:
                _keep_failure(fixturedef, request, phase, error)
            raise
        finally:
            phase.fixture, phase.codes = before, codes
            phase.anew()

    def pytest_fixture_post_finalizer(self) -> None:
        if self.dog.phase is not None:
            self.dog.phase.anew()

    def timed(self, item: pytest.Item, when: str) -> Generator[None, object, object]:
        """Run a phase under the clock; a test that had to be stopped fails, whatever it caught."""
        from loopcheck.watch import processors
        from loopcheck.watch.hang import raised_errors
        from loopcheck.watch.hang.hang_phase import Phase

        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        self.dog.awake()
        codes = _codes(getattr(item, "obj", None))
        if when == "setup":
            self.test_began = now()
            for one in ("setup", "call", "teardown"):  # from an earlier run of this test
                self.found.pop((item.nodeid, one), None)
        here, native = threading.get_ident(), processors.native_id()
        phase = Phase(item, when, here, monotonic(), self.test_began, native, codes=codes)
        self.dog.begin(phase)
        try:
            result = yield
        except BaseException as error:
            trace = error.__traceback__
            if when == "teardown" and phase.ended is not None:
                _tear_down_the_rest(trace, phase)
            self.dog.phase = None
            if self.counts(phase):
                raised_errors.give_lines(trace)
                raise self.failure(phase, trace=_users(trace)).with_traceback(trace) from None
            raise
        self.dog.phase = None
        if self.counts(phase):
            raise self.failure(phase, trace=False)
        return result

    def counts(self, phase: Phase) -> bool:
        """True if *phase* must fail: not for the leftovers of a test that hung."""
        if phase.ended is None:
            return False
        item, when = phase.item, phase.when
        before = any((item.nodeid, one) in self.found for one in ("setup", "call"))
        self.found[item.nodeid, when] = phase.ended
        return not (when == "teardown" and before)

    def failure(self, phase: Phase, *, trace: bool) -> BaseException:
        if getattr(phase.item, "_excinfo", None):  # unittest's own: it would win
            phase.item._excinfo = None
        return pytest.fail.Exception(_in_words(phase), pytrace=trace)

    # -- what can't be ended ------------------------------------------------------------------

    def give_up(self, phase: Phase) -> None:
        """End the run from the watchdog's thread: the test is stuck in C, or out of reach."""
        done = threading.Event()

        def speak() -> None:
            with suppress(BaseException):
                self.farewell(phase)
            done.set()

        threading.Thread(target=speak, name="loopcheck farewell", daemon=True).start()
        done.wait(FAREWELL)
        os._exit(int(pytest.ExitCode.TESTS_FAILED))

    def farewell(self, phase: Phase) -> None:
        """Write all reports as if the run had ended here."""
        from loopcheck.report.hang import RUN_ENDS

        item, config = phase.item, self.config
        assert phase.ended is not None
        manager = config.pluginmanager
        capture = manager.getplugin("capturemanager")
        if capture is not None:
            with suppress(Exception):
                capture.suspend_global_capture(in_=True)
        why = f"{_in_words(phase)}\n{RUN_ENDS}"
        report = pytest.TestReport(
            item.nodeid,
            item.location,
            {},
            "failed",
            why,
            phase.when,  # type: ignore[arg-type]
            duration=monotonic() - phase.began,
        )
        if phase.when != "teardown" or self.counts(phase):
            self.last_words(report, item, phase.ended)
        config.hook.pytest_runtest_logreport(report=report)
        session = item.session
        session.testsfailed += 1
        session.shouldstop = RUN_ENDS
        runner = manager.getplugin("runner")  # it would tear down the stuck test
        finish = manager.subset_hook_caller("pytest_sessionfinish", [runner])
        finish(session=session, exitstatus=pytest.ExitCode.TESTS_FAILED)
        reporter = manager.getplugin("terminalreporter")
        if reporter is not None:
            reporter.flush()


def _is_free(number: int) -> bool:
    """Return whether nobody handles signal *number*."""
    unknown = signal.getsignal(number) is signal.SIG_DFL
    return unknown and not target_process.catches(os.getpid(), number)  # None: nobody tells


def _in_words(phase: Phase) -> str:
    from loopcheck.report import hang

    assert phase.ended is not None
    return hang.ended(phase.ended)


def _tear_down_the_rest(trace: TracebackType | None, phase: Phase) -> None:
    """Run the teardown that pytest skipped: a cancellation is no Exception, so it exits at once.

    This closes the test's loop. Otherwise the next test would get that loop, with everything still
    running on it.
    """
    from loopcheck.process.frames import is_at

    while trace is not None:
        if is_at(trace.tb_frame, "_pytest.runner", "teardown_exact"):
            left = trace.tb_frame.f_locals.get("finalizers")
            while isinstance(left, list) and left:
                phase.anew()
                with suppress(BaseException):
                    left.pop()()
        trace = trace.tb_next


def _keep_failure(fixturedef: Any, request: Any, phase: Phase, error: BaseException) -> None:
    """Record that a fixture failed, as pytest does for an Exception but not for a cancellation.

    Without it the fixture never finishes, and the next test that requests it fails because of that.
    """
    failed = pytest.fail.Exception(_in_words(phase))
    kept = None, fixturedef.cache_key(request), (failed, error.__traceback__)
    fixturedef.cached_result = kept


def _users(trace: TracebackType | None) -> bool:
    """True if *trace* contains a line of the project: frames beyond that tell nothing."""
    from loopcheck.process.frames import is_users

    while trace is not None:
        if is_users(trace.tb_frame):
            return True
        trace = trace.tb_next
    return False


def _codes(function: Any) -> tuple[Any, ...]:
    """Return the code object of a test's or fixture's own function."""
    code = user_code.function(function)
    return (code,) if code is not None else ()
