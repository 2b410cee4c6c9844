"""What pytest has set up, in order: it tells of each set-up and tear-down through its hooks.

Meanwhile the user's plain functions run where the next cells will, and pytest's own where it does.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Generator, Iterable
from typing import Any

import pytest

from loopcheck.faces import one_task
from loopcheck.faces.kernel_runner import KernelRunner, handed_over
from loopcheck.faces.live_outcomes import Raised

# Their plain fixtures work on pytest itself, and wait in its thread.
PYTESTS = ("_pytest.", "pytest_asyncio.", "anyio.", "loopcheck.")


class SetUps:
    """A plugin of the held session: what is up by whose request, and what was raised."""

    def __init__(self, runner: KernelRunner) -> None:
        self.runner, self.one_task = runner, one_task.OneTask(runner)
        self.live: dict[Any, Any] = {}  # definition: its request, in the order of set-up
        self.torn: list[str] = []
        self.failing: Raised | None = None
        self.errors: list[Raised] = []  # of tear-downs

    def forget(self) -> None:
        """Begin to note anew what is torn down and what fails."""
        self.failing, self.errors, self.torn = None, [], []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None, Any, Any]:
        function, names = fixturedef.func, fixturedef.argnames
        if _handed(function):
            fixturedef.func = handed_over(function, self.runner)
        elif one_task.takes(fixturedef, request):
            fixturedef.func = one_task.in_turn(function, names, self.one_task)
            if one_task.BACKEND not in names:
                fixturedef.argnames = (*names, one_task.BACKEND)
        try:
            return (yield)
        except BaseException as error:
            if self.failing is None:
                self.failing = Raised(str(fixturedef.argname), error, fixturedef)
            raise
        finally:
            fixturedef.func, fixturedef.argnames = function, names
            self.live[fixturedef] = request
            self._hand_over_finalizers(fixturedef)

    def pytest_fixture_post_finalizer(self, fixturedef: Any) -> None:
        known = self.live.pop(fixturedef, None) is not None and shown(fixturedef)
        if known and fixturedef.cached_result and fixturedef.cached_result[2] is None:
            self.torn.append(str(fixturedef.argname))

    def _hand_over_finalizers(self, definition: Any) -> None:
        """Let what `request.addfinalizer` was given run where the fixture ran, and note errors."""
        finalizers: list[Callable[[], object]] = definition._finalizers
        for at, one in enumerate(finalizers):
            finalizers[at] = self._noting(one, definition)

    def _noting(self, finalizer: Callable[[], object], definition: Any) -> Callable[[], object]:
        if _module(finalizer).startswith(PYTESTS) and _is_finish(finalizer):
            return finalizer  # it ends another fixture, which notes errors of its own
        run = finalizer
        if not _module(finalizer).startswith(PYTESTS) and _handed(definition.func):
            run = functools.partial(self.runner.call, finalizer)

        def noting() -> object:
            try:
                return run()
            except BaseException as error:
                self.errors.append(Raised(str(definition.argname), error, definition))
                raise

        return noting

    # -- which need which ------------------------------------------------------------------------

    def needs(self, first: Iterable[Any]) -> set[Any]:
        """Return what is up of *first* and of all that they need."""
        by_name: dict[str, list[Any]] = {}
        for one in self.live:
            by_name.setdefault(one.argname, []).append(one)
        found: set[Any] = set()
        todo = list(first)
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += [other for need in one.argnames for other in by_name.get(need, ())]
        return found

    def tell_all(self) -> bool:
        """Return whether the arguments of all fixtures say what they need."""
        return not any(asks_later(one.func) for one in self.live)

    # -- down, one by one ------------------------------------------------------------------------

    def back_to(self, begun: list[Any]) -> None:
        for one in reversed(list(self.live)):
            if one not in begun:
                self.finish(one)

    def finish(self, definition: Any) -> None:
        request = self.live.get(definition)
        if request is None:
            return
        try:
            definition.finish(request=request)
        except BaseException as error:
            if not self.errors:
                self.errors.append(Raised(str(definition.argname), error, definition))


def shown(definition: Any) -> bool:
    """Return whether a fixture is worth a line: not one of a plugin's own workings."""
    name = str(definition.argname)
    pytests = _module(definition.func).startswith(PYTESTS)
    return not (name.startswith("_") and pytests) and name != "event_loop_policy"


def _handed(function: Any) -> bool:
    """Return whether a fixture *function* is plain, the user's, and needs pytest no more."""
    bare = getattr(function, "__func__", function)
    if inspect.iscoroutinefunction(bare) or inspect.isasyncgenfunction(bare):
        return False
    return not _module(bare).startswith(PYTESTS) and not asks_later(bare)


def asks_later(function: Any) -> bool:
    """Return whether a fixture asks pytest for others while it runs."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    return code is not None and "getfixturevalue" in _words(code)


def _words(code: Any) -> set[str]:
    inner = [one for one in code.co_consts if hasattr(one, "co_names")]
    return {*code.co_names, *(word for one in inner for word in _words(one))}


def _module(function: Any) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    return f"{getattr(function, '__module__', None) or ''}."


def _is_finish(finalizer: Any) -> bool:
    while isinstance(finalizer, functools.partial):
        finalizer = finalizer.func
    return getattr(finalizer, "__name__", "") == "finish"
