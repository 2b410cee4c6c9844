"""Fixtures for more than one test: runs that have some listen to them, the others pay nothing."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from loopcheck.plugin.picture import Picture
    from loopcheck.plugin.watches.handed import Handed

MACHINERY = ("_pytest", "pytest_asyncio", "anyio", "xdist")


class WideFixtures:
    """Checks after collection whether the tests use fixtures of this kind."""

    def __init__(self, picture: Picture, handed: Handed) -> None:
        self.listener = Listener(picture, handed)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        found: set[Any] = set()  # tests share most of their fixtures: look at each once
        for info in map(_info, session.items):
            if info is not None:
                found.update(*info.name2fixturedefs.values())
        if any(map(_wide, found)):
            session.config.pluginmanager.register(self.listener, "loopcheck-listener")


def _info(item: Any) -> Any:
    return getattr(item, "_fixtureinfo", None)


def _wide(definition: Any) -> bool:
    """True if a fixture outlives the tests that request it, and is not a plugin's internal one."""
    module = str(getattr(definition.func, "__module__", ""))
    return definition.scope != "function" and module.partition(".")[0] not in MACHINERY


class Listener:
    """The hooks of a run with fixtures of this kind."""

    def __init__(self, picture: Picture, handed: Handed) -> None:
        self.picture, self.handed = picture, handed

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Generator[None, object, object]:
        __tracebackhide__ = True  # as pytest's own: a failure points at the user's line
        if fixturedef.scope == "function":
            return (yield)
        self.picture.up(fixturedef)
        value = yield
        self.handed.up(fixturedef, value)
        return value

    def pytest_fixture_post_finalizer(self, fixturedef: Any) -> None:
        if fixturedef.scope != "function":
            self.picture.down(fixturedef)
            self.handed.down(fixturedef)
