"""Fixtures for more than one test: runs that have some listen while one is set up.

A hook for each setup of each fixture was half of what a passing test paid for us.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from loopcheck.process import objects

if TYPE_CHECKING:
    from loopcheck.plugin.picture import Picture
    from loopcheck.plugin.watches.handed import Handed
    from loopcheck.plugin.watches.left_over import LeftOver

MACHINERY = ("_pytest", "pytest_asyncio", "anyio", "xdist")


class WideFixtures:
    """Checks after collection whether the tests use fixtures of this kind."""

    def __init__(self, picture: Picture, handed: Handed, left_over: LeftOver) -> None:
        self.picture, self.handed, self.left_over = picture, handed, left_over

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        found: set[Any] = set()  # tests share most of their fixtures: look at each once
        for info in map(_info, session.items):
            if info is not None:
                found.update(*info.name2fixturedefs.values())
        wide = set(filter(_wide, found))
        if wide:
            setups = Setups(self, session.config.pluginmanager, wide)
            setups.looking_up = {one.argname for one in found if _looks_up(one.func)}
            session.config.pluginmanager.register(setups, "loopcheck-setups")


def _info(item: Any) -> Any:
    return getattr(item, "_fixtureinfo", None)


def _wide(definition: Any) -> bool:
    """True if a fixture outlives the tests that request it, and is not a plugin's internal one."""
    module = str(getattr(definition.func, "__module__", ""))
    return definition.scope != "function" and module.partition(".")[0] not in MACHINERY


def _looks_up(function: Any) -> bool:
    """True if *function* may request a fixture by its name: nothing says so before it runs."""
    code = objects.code_of(function)
    return code is not None and "getfixturevalue" in code.co_names


class Setups:
    """Listens to the setup of a test that may set up a wide fixture."""

    def __init__(
        self, owner: WideFixtures, plugins: pytest.PytestPluginManager, wide: set[Any]
    ) -> None:
        self.owner = owner
        self.looking_up: set[str] = set()  # fixtures that request others by name
        self.wide = frozenset(wide)
        self.down: dict[str, set[Any]] = {}  # those that are not up, by name
        for one in wide:
            self.down.setdefault(one.argname, set()).add(one)
        self.listener, self.plugins = Listener(self), plugins
        self.listening = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        info = _info(item)  # None: no function of pytest's kind
        used = info.name2fixturedefs if info is not None else {}
        on = (
            (not self.down.keys().isdisjoint(used) and self._missing(used))
            or not self.looking_up.isdisjoint(used)
            or _looks_up(getattr(item, "function", None))
        )
        if on != self.listening:
            self.listen(on)

    def _missing(self, used: dict[str, Sequence[Any]]) -> bool:
        """True if a fixture in *used* is not up; its name alone may be another one's."""
        return any(
            not self.down[name].isdisjoint(used[name]) for name in self.down.keys() & used.keys()
        )

    def listen(self, on: bool) -> None:
        if on:
            self.plugins.register(self.listener, "loopcheck-listener")
        else:
            self.plugins.unregister(self.listener)
        self.listening = on

    def up(self, fixturedef: Any, value: object) -> None:
        self.owner.handed.up(fixturedef, value)
        self.owner.left_over.up(fixturedef, value)
        left = self.down.get(fixturedef.argname)
        if left is not None:
            left.discard(fixturedef)
            if not left:
                del self.down[fixturedef.argname]

    def ended(self, fixturedef: Any) -> None:
        """Called when a fixture is torn down: with other parameters, it may be set up at once."""
        self.owner.picture.down(fixturedef)
        self.owner.handed.down(fixturedef)
        self.owner.left_over.down(fixturedef)
        if fixturedef in self.wide:
            self.down.setdefault(fixturedef.argname, set()).add(fixturedef)
            if not self.listening:
                self.listen(True)


class Listener:
    """Hears when a wide fixture begins and what it returns."""

    def __init__(self, setups: Setups) -> None:
        self.setups = setups

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        if fixturedef.scope == "function":
            return (yield)
        self.setups.owner.picture.up(fixturedef)
        fixturedef.addfinalizer(partial(self.setups.ended, fixturedef))
        value = yield
        self.setups.up(fixturedef, value)
        return value
