"""Fixtures that are up in a kernel: set up and torn down by pytest, on the loop of the cells."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from typing import Any

import pytest

from loopcheck.faces import scoped_runners
from loopcheck.faces.held_pytest import HeldPytest
from loopcheck.faces.kernel_runner import KernelRunner
from loopcheck.faces.live_outcomes import (
    Down,
    NoSuchFixture,
    NoSuchParameter,
    OtherParameter,
    Raised,
    SetUpFailed,
    Up,
)
from loopcheck.faces.set_ups import SetUps, shown
from loopcheck.facts.probes import defined, fixtures


class LiveFixtures:
    """The fixtures of one origin that are up: all of one test, which never comes.

    Its methods run in pytest's thread; `runner` hands the user's code to the loop.
    """

    def __init__(self, held: HeldPytest, loop: asyncio.AbstractEventLoop) -> None:
        self.held, self.loop = held, loop
        self.runner = KernelRunner(loop)
        self.set_ups = SetUps(self.runner)
        self.item: Any = None
        self.asked: dict[str, Any] = {}  # by `up`: name, definition
        self.variables: dict[ContextVar[Any], Any] = {}  # that the fixtures have set
        self._found: dict[ContextVar[Any], Any] = {}
        plugins = held.session.config.pluginmanager
        plugins.register(self.set_ups, "loopcheck-live")
        plugins.register(scoped_runners.plugin(self.runner), "loopcheck-runners")

    @property
    def live(self) -> list[Any]:
        """The definitions that are up, in the order of their set-up."""
        return list(self.set_ups.live)

    def holders(self, name: str) -> list[str]:
        """Return what `up` was asked for and needs fixture *name*; nothing, if it is not up."""
        if all(one.argname != name for one in self.live):
            return []
        found = [
            asked
            for asked, definition in self.asked.items()
            if any(one.argname == name for one in self.set_ups.needs([definition]))
        ]
        return found or list(self.asked)

    # -- up --------------------------------------------------------------------------------------

    def up(self, name: str, param: str | None, space: dict[str, Any]) -> Up:
        """Set up fixture *name* with all that it needs; *space* has a notebook's definitions."""
        self.held.learn(space)
        if not self.live:
            self._found = dict(copy_context())
        if not self.find(name):
            raise NoSuchFixture(name, self.names())
        items = self.held.place.items(name)
        item = _chosen(items, name, param)
        if name in self.asked:
            return self._again(name, items, item if param is not None else None)
        begun = self.live
        self.set_ups.forget()
        try:
            value, definition = self._set_up(name, item, param)
        except (NoSuchParameter, OtherParameter):
            raise
        except BaseException as error:
            self.runner.go_on(spare=1)
            raised = self.set_ups.failing or Raised(name, error, None)
            failed, first = self.item or item, not begun
            back_to = self.set_ups.back_to
            torn = self._down(lambda: self._tear_down_all() if first else back_to(begun))
            raise SetUpFailed(name, raised, torn, failed) from error
        self.asked[name] = definition
        self._note_variables()
        new = [one for one in self.live if one not in begun and shown(one)]
        up = [one for one in items if self._agrees(one)]
        others = tuple(_id(one) or "" for one in items if one not in up)
        return Up(name, value, definition, new, _id(up[0]) if up else None, others)

    def _agrees(self, item: Any) -> bool:
        """Return whether what is up has the parameters of *item*."""
        own = getattr(getattr(self.item, "callspec", None), "indices", {})
        wanted = getattr(getattr(item, "callspec", None), "indices", {})
        return all(own.get(argument) == index for argument, index in wanted.items())

    def _again(self, name: str, items: list[Any], item: Any) -> Up:
        definition = self.asked[name]
        if item is not None and not self._agrees(item):
            up = next((one for one in items if self._agrees(one)), item)
            raise OtherParameter(name, str(_id(up)), [name])
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
                up_with = str(own.params.get(argument))
                raise OtherParameter(argument, up_with, self.holders(argument))
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
        self.set_ups.forget()
        definition = self.asked.pop(name)
        if not self.asked:
            return self.down_all({name})
        return self._down(lambda: self._tear_down(definition), {name})

    def down_all(self, asked: Iterable[str] = ()) -> Down:
        self.set_ups.forget()
        return self._down(self._tear_down_all, {*asked, *self.asked})

    def _down(self, act: Callable[[], None], asked: Iterable[str] = ()) -> Down:
        noted = self.set_ups
        try:
            act()
        except BaseException as error:
            if not noted.errors:
                noted.errors.append(Raised("", error, None))
        self.runner.go_on()
        if not noted.live:
            noted.one_task.rest()
        self._note_variables()
        gone = {name for name, one in self.asked.items() if one not in noted.live}
        for name in gone:
            del self.asked[name]
        if self.item is not None:
            self._forget(self.item)
        return Down(list(noted.torn), sorted({*asked, *gone}), list(noted.errors))

    def _note_variables(self) -> None:
        """Keep what this thread's context has and had not before the first fixture."""
        now = copy_context()
        self.variables = {v: value for v, value in now.items() if self._found.get(v) is not value}

    def _tear_down(self, definition: Any) -> None:
        self.set_ups.finish(definition)
        kept = self._needed()
        for one in reversed(self.live):
            if one not in kept:
                self.set_ups.finish(one)

    def _needed(self) -> set[Any]:
        """Return what is up and needed by what was asked for, or by every test."""
        if not self.set_ups.tell_all():
            return set(self.live)  # who it asked for is not written anywhere
        names = getattr(self.item._fixtureinfo, "initialnames", ())
        always = {name for name in names if name not in self.item._fixtureinfo.argnames}
        first = [one for one in self.live if one.argname in always]
        runners = {one for one in self.live if one.argname.endswith(fixtures.RUNNER)}
        return self.set_ups.needs([*self.asked.values(), *first]) | runners

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


def _chosen(items: list[Any], name: str, param: str | None) -> Any:
    """Return the one of *items* that has the parameter, the first if none is asked for."""
    known = [item.callspec for item in items if hasattr(item, "callspec")]
    if param is None:
        return items[0]
    for item, spec in zip(items, known, strict=False):
        if param in (spec.id, *spec._idlist):
            return item
    raise NoSuchParameter(name, param, [spec.id for spec in known])


def _id(item: Any) -> str | None:
    """Return how pytest calls the parameters that *item* gives, None where there are none."""
    spec = getattr(item, "callspec", None)
    return str(spec.id) if spec is not None else None
