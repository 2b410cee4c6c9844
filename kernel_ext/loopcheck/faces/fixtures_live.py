"""Fixtures that are up in a kernel: set up and torn down by pytest, on the loop of the cells."""

from __future__ import annotations

import asyncio
import functools
import inspect
import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import pytest
import pytest_asyncio

from loopcheck.faces.held_pytest import HeldPytest
from loopcheck.faces.kernel_runner import KernelRunner, handed_over
from loopcheck.facts.probes import defined, fixtures

SCOPES = ("session", "package", "module", "class", "function")
# Their plain fixtures work on pytest itself, and wait in its thread.
PYTESTS = ("_pytest.", "pytest_asyncio.", "anyio.", "loopcheck.")


@dataclass(slots=True)
class Raised:
    """What the user's code raised, and in which fixture."""

    fixture: str
    error: BaseException
    definition: Any


@dataclass(slots=True)
class Up:
    """What became of `up`."""

    name: str
    value: object
    definition: Any
    begun: list[Any]  # definitions, in the order in which they were set up
    param: str | None = None
    other_params: tuple[str, ...] = ()
    already: bool = False
    changed: bool = False  # its name means another definition by now


@dataclass(slots=True)
class Down:
    """What became of `down`."""

    torn: list[str]  # in the order in which they were torn down
    asked: list[str]  # of those that `up` was asked for, the ones that are gone
    errors: list[Raised] = field(default_factory=list)


class SetUpFailed(Exception):
    """A fixture failed; what was set up for it is down again."""

    def __init__(self, name: str, raised: Raised, torn: Down, item: Any) -> None:
        super().__init__(name)
        self.name, self.raised, self.torn, self.item = name, raised, torn, item


class NoSuchFixture(Exception):
    """Nobody defines it within reach."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(name)
        self.name, self.known = name, known


class NoSuchParameter(Exception):
    """It has others, or none."""

    def __init__(self, name: str, param: str, known: list[str]) -> None:
        super().__init__(name)
        self.name, self.param, self.known = name, param, known


class OtherParameter(Exception):
    """It is up with another one."""

    def __init__(self, name: str, param: str) -> None:
        super().__init__(name)
        self.name, self.param = name, param


class LiveFixtures:
    """The fixtures of one origin that are up: all of one test, which never comes.

    Its methods run in pytest's thread; `runner` hands the user's code to the loop.
    """

    def __init__(self, held: HeldPytest, loop: asyncio.AbstractEventLoop) -> None:
        self.held, self.loop = held, loop
        self.runner = KernelRunner(loop)
        self.item: Any = None
        self.asked: dict[str, Any] = {}  # by `up`: name, definition
        self.live: dict[Any, Any] = {}  # definition: its request, in the order of set-up
        self.torn: list[str] = []
        self.variables: dict[ContextVar[Any], Any] = {}  # that the fixtures have set
        self._found: dict[ContextVar[Any], Any] = {}
        self.failing: Raised | None = None
        self.errors: list[Raised] = []
        plugins = held.session.config.pluginmanager
        plugins.register(self, "loopcheck-live")
        plugins.register(_runners(self.runner), "loopcheck-runners")

    # -- what pytest tells -----------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Generator[None, Any, Any]:
        function = fixturedef.func
        if _handed(function):
            fixturedef.func = handed_over(function, self.runner)
        try:
            return (yield)
        except BaseException as error:
            if self.failing is None:
                self.failing = Raised(str(fixturedef.argname), error, fixturedef)
            raise
        finally:
            fixturedef.func = function
            self.live[fixturedef] = request
            self._hand_over_finalizers(fixturedef)

    def pytest_fixture_post_finalizer(self, fixturedef: Any) -> None:
        known = self.live.pop(fixturedef, None) is not None and _shown(fixturedef)
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

    # -- up --------------------------------------------------------------------------------------

    def up(self, name: str, param: str | None, space: dict[str, Any]) -> Up:
        """Set up fixture *name* with all that it needs; *space* has a notebook's definitions."""
        self.held.learn(space)
        if not self.live:
            self._found = dict(copy_context())
        if not self.find(name):
            raise NoSuchFixture(name, self.names())
        item, others = self._test(name, param)
        if name in self.asked:
            return self._again(name, item, param)
        begun = list(self.live)
        self.failing, self.errors, self.torn = None, [], []
        try:
            value, definition = self._set_up(name, item, param)
        except (NoSuchParameter, OtherParameter):
            raise
        except BaseException as error:
            self.runner.go_on(spare=1)
            raised = self.failing or Raised(name, error, None)
            failed, first = self.item or item, not begun
            torn = self._down(lambda: self._tear_down_all() if first else self._back_to(begun))
            raise SetUpFailed(name, raised, torn, failed) from error
        self.asked[name] = definition
        self._note_variables()
        new = [one for one in self.live if one not in begun and _shown(one)]
        chosen = _id(item, name)
        return Up(name, value, definition, new, chosen, tuple(o for o in others if o != chosen))

    def _again(self, name: str, item: Any, param: str | None) -> Up:
        definition = self.asked[name]
        here = self.item if hasattr(self.item, "callspec") else item
        if param is not None and _id(here, name) not in (None, param):
            raise OtherParameter(name, str(_id(here, name)))
        changed = self.find(name) is not definition
        value = definition.cached_result[0]
        return Up(name, value, definition, [], already=True, changed=changed)

    def _set_up(self, name: str, item: Any, param: str | None) -> tuple[object, Any]:
        if self.item is None:
            self.item = item
            with _without_trace():
                item.ihook.pytest_runtest_setup(item=item)
            _report(item)
        else:
            self._choose(item, name, param)
            for needed in item.fixturenames:
                self.item._request.getfixturevalue(needed)
        definition = self.item._request._get_active_fixturedef(name)
        return definition.cached_result[0], definition

    def _test(self, name: str, param: str | None) -> tuple[Any, list[str]]:
        """Return the test that would ask for *name*, and the parameters it could have."""
        items = self.held.place.items(name)
        known = [item.callspec.id for item in items if hasattr(item, "callspec")]
        if param is None:
            return items[0], known
        for item in items:
            if hasattr(item, "callspec") and param in (item.callspec.id, *item.callspec._idlist):
                return item, known
        raise NoSuchParameter(name, param, known)

    def _choose(self, item: Any, name: str, param: str | None) -> None:
        """Give the one test the parameters of *item*, where it has none of its own yet."""
        new = getattr(item, "callspec", None)
        if new is None:
            return
        if not hasattr(self.item, "callspec"):
            self.item.callspec = new
            return
        own = self.item.callspec
        for argument, value in new.params.items():
            up = any(one.argname == argument for one in self.live)
            other = own.indices.get(argument) != new.indices[argument]
            if up and other and param is not None:
                raise OtherParameter(argument, str(own.params.get(argument)))
            if not up:
                own.params[argument], own.indices[argument] = value, new.indices[argument]
                own._arg2scope[argument] = new._arg2scope[argument]

    def find(self, name: str) -> Any:
        """Return the definition that a test there gets by *name*, None without one."""
        found = fixtures.visible(name, self.held.place)
        return found[-1] if found else None

    def names(self) -> list[str]:
        """Return the names of the user's fixtures within reach."""
        return sorted(defined.within_reach(self.held.place))

    # -- down ------------------------------------------------------------------------------------

    def down(self, name: str) -> Down:
        """Tear down fixture *name*, what needs it, and what only it needed."""
        self.errors, self.torn = [], []
        definition = self.asked.pop(name)
        if not self.asked:
            return self.down_all({name})
        return self._down(lambda: self._tear_down(definition), {name})

    def down_all(self, asked: Iterable[str] = ()) -> Down:
        self.errors, self.torn = [], []
        return self._down(self._tear_down_all, {*asked, *self.asked})

    def _down(self, act: Callable[[], None], asked: Iterable[str] = ()) -> Down:
        try:
            act()
        except BaseException as error:
            if not self.errors:
                self.errors.append(Raised("", error, None))
        self.runner.go_on()
        self._note_variables()
        gone = {name for name, one in self.asked.items() if one not in self.live}
        for name in gone:
            del self.asked[name]
        if self.item is not None:
            self._forget(self.item)
        return Down(list(self.torn), sorted({*asked, *gone}), list(self.errors))

    def _note_variables(self) -> None:
        """Keep what this thread's context has and had not before the first fixture."""
        now = copy_context()
        self.variables = {v: value for v, value in now.items() if self._found.get(v) is not value}

    def _tear_down(self, definition: Any) -> None:
        self._finish(definition)
        kept = self._needed()
        for one in reversed(list(self.live)):
            if one not in kept:
                self._finish(one)

    def _back_to(self, begun: list[Any]) -> None:
        for one in reversed(list(self.live)):
            if one not in begun:
                self._finish(one)

    def _finish(self, definition: Any) -> None:
        request = self.live.get(definition)
        if request is None:
            return
        try:
            definition.finish(request=request)
        except BaseException as error:
            if not self.errors:
                self.errors.append(Raised(str(definition.argname), error, definition))

    def _needed(self) -> set[Any]:
        """Return what is up and needed by what was asked for, or by every test."""
        if any(_asks_later(one.func) for one in self.live):
            return set(self.live)  # who it asked for is not written anywhere
        by_name: dict[str, list[Any]] = {}
        for one in self.live:
            by_name.setdefault(one.argname, []).append(one)
        names = getattr(self.item._fixtureinfo, "initialnames", ())
        first = [name for name in names if name not in self.item._fixtureinfo.argnames]
        kept: set[Any] = set()
        todo = [*self.asked.values(), *(one for name in first for one in by_name.get(name, ()))]
        while todo:
            one = todo.pop()
            if one not in kept:
                kept.add(one)
                todo += [other for need in one.argnames for other in by_name.get(need, ())]
                todo += [o for o in self.live if o.argname.endswith("_scoped_runner")]
        return kept

    def _tear_down_all(self) -> None:
        item, self.item, self.asked = self.item, None, {}
        if item is not None:
            with _without_trace():
                item.ihook.pytest_runtest_teardown(item=item, nextitem=None)

    def _forget(self, item: Any) -> None:
        """Let pytest ask anew for what is down."""
        known = item._request._fixture_defs
        for name in [name for name, one in known.items() if one.cached_result is None]:
            del known[name]
            item.funcargs.pop(name, None)


def _report(item: Any) -> None:
    """Say that set-up and test have passed: some tear-downs ask, `tmp_path` among them."""
    for when in ("setup", "call"):
        call = pytest.CallInfo.from_call(lambda: None, when)
        item.ihook.pytest_runtest_makereport(item=item, call=call)


@contextmanager
def _without_trace() -> Iterator[None]:
    """Leave the variable alone in which pytest says what test runs: another run may hold it."""
    name = "PYTEST_CURRENT_TEST"
    kept = os.environ.get(name)
    try:
        yield
    finally:
        os.environ.pop(name, None)
        if kept is not None:
            os.environ[name] = kept


def too_old() -> str | None:
    """Return the version of a pytest-asyncio that has no runners to stand in for."""
    there = hasattr(pytest_asyncio.plugin, "_function_scoped_runner")
    return None if there else str(pytest_asyncio.__version__)


def as_fixture(function: Callable[..., Any], options: dict[str, Any]) -> Any:
    """Return an async *function* as a fixture of pytest-asyncio's."""
    decorator: Any = pytest_asyncio.fixture
    return decorator(**options)(function)


def _runners(runner: KernelRunner) -> ModuleType:
    """Return a plugin whose fixtures stand in for pytest-asyncio's, one for each scope."""
    made = ModuleType("loopcheck_runners")
    for scope in SCOPES:
        name = f"_{scope}_scoped_runner"
        setattr(made, name, pytest.fixture(scope=scope, name=name)(_giving(runner)))  # type: ignore[call-overload]
    return made


def _giving(runner: KernelRunner) -> Callable[[], KernelRunner]:
    def scoped_runner() -> KernelRunner:
        return runner

    return scoped_runner


def _shown(definition: Any) -> bool:
    name = str(definition.argname)
    pytests = _module(definition.func).startswith(PYTESTS)
    return not (name.startswith("_") and pytests) and name != "event_loop_policy"


def _handed(function: Any) -> bool:
    """Return whether a fixture *function* is plain, the user's, and needs pytest no more."""
    bare = getattr(function, "__func__", function)
    if inspect.iscoroutinefunction(bare) or inspect.isasyncgenfunction(bare):
        return False
    return not _module(bare).startswith(PYTESTS) and not _asks_later(bare)


def _asks_later(function: Any) -> bool:
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


def _id(item: Any, name: str) -> str | None:
    """Return how pytest calls the parameter that *item* gives to fixture *name*."""
    spec = getattr(item, "callspec", None)
    return str(spec.id) if spec is not None else None
