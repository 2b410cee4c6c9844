"""A pytest plugin for graded runs: writes what happens, as it happens, as lines of JSON.

It watches what answers *do*: refused locks, objects that move between loops, policies,
`nest_asyncio`, overridden loop fixtures, dropped coroutines, and errors and tasks that nothing
awaited. It decides nothing; `requirements` does.
"""

import asyncio
import functools
import gc
import json
import os
import sys
import time
import warnings
from collections.abc import Generator
from pathlib import Path
from threading import enumerate as running_threads
from typing import Any
from weakref import WeakKeyDictionary, ref

import pytest

from loopcheck.source.coroutines import unawaited_warnings

LOOP_FIXTURES = ("event_loop", "event_loop_policy")
CHECKS = (AssertionError, pytest.fail.Exception)  # what `assert` and `pytest.raises` raise
LOOKS, MOMENT = 20, 0.01  # so many seconds apart: threads that have got word to end need some


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the grader's options."""
    parser.addoption("--observe", metavar="FILE", help="write what happens to FILE")
    parser.addoption("--observe-reversed", action="store_true", help="run the last test first")


def pytest_configure(config: pytest.Config) -> None:
    """Start watching if the grader passed `--observe`."""
    if path := config.getoption("--observe"):
        # A run without the terminal plugin has no `-v`, which pytest-django's fixtures read.
        vars(config.option).setdefault("verbose", 0)
        config.pluginmanager.register(Observer(path, str(config.rootpath)), "loopcheck-observer")


class Observer:
    """What was seen in this run. Only this process writes: a fork has the same code and file."""

    def __init__(self, path: str, folder: str) -> None:
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.folder, self.pid, self.test = folder, os.getpid(), ""
        self.refused: list[dict[str, str]] = []
        self.moved: list[dict[str, str]] = []
        self.waited: set[str] = set()
        self.policies: list[str] = []
        self.dropped: list[dict[str, str]] = []
        self.told = 0
        self.lost: list[dict[str, str]] = []
        self.left: list[dict[str, str]] = []
        self.stopping: list[dict[str, str]] = []
        self.own_fixtures: set[str] = set()
        self.outcomes: dict[str, str] = {}
        self.longest, self.by_code = 0.0, False
        self.first_threads = {*running_threads()}
        self.thread_errors: list[str] = []
        watch_binding(self)
        watch_policies(self)
        watch_coroutines(self)
        watch_errors(self)
        watch_tasks(self)
        self.say(event="started")

    def say(self, **what: object) -> None:
        """Write one line at once: the process may end at any moment."""
        if os.getpid() == self.pid:
            os.write(self.file, json.dumps(what).encode() + b"\n")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Reverse the order if requested; record which loop fixtures are the learner's."""
        if config.getoption("--observe-reversed"):
            items.reverse()
        for name in LOOP_FIXTURES:
            for item in items:
                found = session._fixturemanager.getfixturedefs(name, item) or ()
                if any(self.is_learners(made.func.__code__.co_filename) for made in found):
                    self.own_fixtures.add(name)

    def is_learners(self, file: str) -> bool:
        """True if *file* is part of the answer."""
        return os.path.realpath(file).startswith(self.folder)

    def is_by_code(self, error: pytest.ExceptionInfo[BaseException]) -> bool:
        """True if code beside the tests let the error out: no line of a test looked for it."""
        files = [entry.frame.code.raw.co_filename for entry in error.traceback]
        last = [os.path.basename(file) for file in files if self.is_learners(file)][-1:]
        return bool(last) and not last[0].startswith(("test_", "conftest."))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Record why a file cannot be imported."""
        if report.failed:
            self.say(event="unreadable", words=_last_words(str(report.longrepr)))

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, Any, Any]:
        """Record that a file exits on import; pytest would print a page of its own frames."""
        try:
            return (yield)
        except SystemExit:
            self.say(event="unreadable", words="it calls sys.exit()")
            pytest.exit("")

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Record which tests there are, before the first one runs."""
        # The grader only reads a failure's message. For its lines pytest would parse each file on
        # the way to it: a third of a second if the way leads through a client library.
        session.config.option.tbstyle = "line"
        self.say(event="collected", tests=[item.name for item in session.items])

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Record where a test starts and how it ended."""
        self.test = item.name
        self.say(event="begins", test=item.name)
        done = yield
        self.say(event="ends", test=item.name, outcome=self.outcomes.get(item.name, "passed"))
        self.test = ""
        return done

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
        """Record when loopcheck explains a failure: that time is ours, not the answer's."""
        if call.excinfo is None:
            return (yield)
        self.by_code = not isinstance(call.excinfo.value, CHECKS) and self.is_by_code(call.excinfo)
        self.say(event="explains")
        try:
            return (yield)
        finally:
            self.say(event="explained")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the worst outcome of a test's three phases, and the message of its failure."""
        name = self.test
        if report.when == "call":
            self.longest = max(self.longest, report.duration)
        if report.failed:
            self.outcomes[name] = "failed"
            self.say(
                event="failure",
                test=name,
                phase=report.when,
                words=_words(report),
                by_code=self.by_code,
            )
        elif hasattr(report, "wasxfail"):
            self.outcomes.setdefault(name, "expected to fail")
        elif report.skipped:
            self.outcomes.setdefault(name, "skipped")

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Record two kinds of warnings that a reader of the run would see.

        They are about dropped coroutines, and about errors that ended a thread.
        """
        self.told += unawaited_warnings.is_one(warning_message)
        if issubclass(warning_message.category, pytest.PytestUnhandledThreadExceptionWarning):
            self.thread_errors.append(_error_words(str(warning_message.message)))

    def left_threads(self) -> list[str]:
        """Return the names of threads that run on after the tests, after a moment to end."""
        for _ in range(LOOKS):  # the answer may have replaced a clock
            left = [one for one in {*running_threads()} - self.first_threads if one.is_alive()]
            if not left:
                break
            time.sleep(MOMENT)
        return sorted(thread.name for thread in left)

    def pytest_sessionfinish(self) -> None:
        """Record what the watches saw: the last line of a completed run."""
        left_threads = self.left_threads()
        gc.collect()  # asyncio reports an unread error when it collects the task
        self.say(
            event="finished",
            refused=self.refused,
            moved=self.moved,
            waited=sorted(self.waited),
            policies=self.policies,
            dropped=self.dropped,
            told=self.told,
            lost=self.lost,
            left=self.left,
            stopping=self.stopping,
            longest=self.longest,
            own_fixtures=sorted(self.own_fixtures),
            left_threads=left_threads,
            thread_errors=self.thread_errors,
            threads=sum(not one.daemon for one in running_threads()) - 1,
            nested=bool(getattr(asyncio, "_nest_patched", False)),
        )


def _words(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return _last_words(crash.message if crash else str(report.longrepr), first=True)


def _last_words(text: str, *, first: bool = False) -> str:
    """Return the line of *text* that names the error, without the path of this folder."""
    text = text.replace(f"{Path.cwd()}{os.sep}", "")
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line[1:].strip() for line in lines if line.startswith("E ")]
    if errors and errors[0].startswith('File "'):  # a SyntaxError says first where it is
        return errors[-1]
    return (errors or (lines if first else lines[::-1]) or [""])[0]


def _error_words(text: str) -> str:
    """Return the line below the first traceback in *text*, which names its error."""
    below = text.partition("Traceback (most recent call last):\n")[2] or text
    return next((line for line in below.splitlines() if line and line[0] != " "), "")


def watch_binding(seen: Observer) -> None:
    """Record each use of another loop's lock, queue or event, even if the error is caught."""
    mixin = getattr(sys.modules.get("asyncio.mixins"), "_LoopBoundMixin", None)
    if mixin is None:  # private: a later Python may do it elsewhere
        return
    real, homes = mixin._get_loop, WeakKeyDictionary[Any, Any]()

    @functools.wraps(real)
    def _get_loop(self: Any) -> Any:
        who = {"test": seen.test, "type": type(self).__name__}
        seen.waited.add(who["type"])
        try:
            loop = real(self)
        except RuntimeError:
            seen.refused.append(who)
            raise
        home = homes.setdefault(self, ref(loop))
        if home() is not loop:
            homes[self] = ref(loop)
            seen.moved.append(who)
        return loop

    mixin._get_loop = _get_loop


def watch_policies(seen: Observer) -> None:
    """Record policies that the answer sets (pytest-asyncio sets and restores them too)."""
    real = asyncio.set_event_loop_policy

    @functools.wraps(real)
    def set_event_loop_policy(policy: Any) -> None:
        if seen.is_learners(sys._getframe(1).f_code.co_filename):
            seen.policies.append(type(policy).__name__)
        real(policy)

    asyncio.set_event_loop_policy = set_event_loop_policy
    asyncio.events.set_event_loop_policy = set_event_loop_policy


def watch_coroutines(seen: Observer) -> None:
    """Record each coroutine that is dropped before it started, even if the warning is silenced."""
    if not hasattr(warnings, unawaited_warnings.HOOK):
        return

    def _warn_unawaited_coroutine(coro: Any) -> None:
        seen.dropped.append({"test": seen.test, "name": coro.__qualname__})
        said = unawaited_warnings.words(coro)
        warnings.warn(said, RuntimeWarning, stacklevel=2, source=coro)

    setattr(warnings, unawaited_warnings.HOOK, _warn_unawaited_coroutine)


def watch_errors(seen: Observer) -> None:
    """Record errors that no code read, even if the answer's own handler drops them."""
    loops: Any = asyncio.BaseEventLoop
    real = loops.call_exception_handler

    @functools.wraps(real)
    def call_exception_handler(loop: Any, context: dict[str, Any]) -> None:
        if error := context.get("exception"):
            words = f"{type(error).__name__}: {error}".splitlines()[0]
            seen.lost.append({"test": seen.test, "words": words})
        real(loop, context)

    loops.call_exception_handler = call_exception_handler


def watch_tasks(seen: Observer) -> None:
    """Record the answer's tasks that only the closing loop cancels."""
    runners: Any = asyncio.runners
    real = getattr(runners, "_cancel_all_tasks", None)
    if real is None:  # private, as above
        return

    @functools.wraps(real)
    def _cancel_all_tasks(loop: Any) -> None:
        for task in asyncio.all_tasks(loop):
            code = getattr(task.get_coro(), "cr_code", None)
            if code is not None and seen.is_learners(code.co_filename):
                asked = task.cancelling() > 0  # other code cancelled it before
                one = {"test": seen.test, "name": code.co_qualname}
                (seen.stopping if asked else seen.left).append(one)
        real(loop)

    runners._cancel_all_tasks = _cancel_all_tasks
