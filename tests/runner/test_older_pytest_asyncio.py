"""Before pytest-asyncio 1.1 there were no runners: fixtures made the loops, and closed them."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import pytest_asyncio

from loopcheck.labels import Labels
from loopcheck.process import failure
from loopcheck.runner import fixtures, loop_scopes, session
from loopcheck.watch import loop_leaks, loops

# As in 1.0: the fixture is told no `request`, and closes its loop whatever is pending.
PLUGIN = """
@contextmanager
def _provide_event_loop():
    loop = asyncio.new_event_loop()
    try:
        yield loop
    finally:
        loop.close()

def _scoped_event_loop():
    with _provide_event_loop() as loop:
        yield loop
"""
PYTEST = """
def call_fixture_func(function, request):
    made = function()
    return next(made), made
"""
Give = Callable[[], tuple[asyncio.AbstractEventLoop, Iterator[object]]]


def module(name: str, text: str, **names: object) -> ModuleType:
    made = ModuleType(name)
    vars(made).update(names)
    exec(text, vars(made))
    return made


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Iterator[Give]:
    """Give a loop as pytest and that plugin do, and what ends it."""
    from contextlib import contextmanager

    plugin = module("pytest_asyncio.plugin", PLUGIN, asyncio=asyncio, contextmanager=contextmanager)
    caller = module("_pytest.fixtures", PYTEST)
    monkeypatch.setitem(sys.modules, "pytest_asyncio.plugin", plugin)
    request = SimpleNamespace(scope="module", node=SimpleNamespace(nodeid="test_cart.py"))
    undos = [loops.install(), loop_leaks.install()]
    yield lambda: caller.call_fixture_func(plugin._scoped_event_loop, request)
    for undo in undos:
        undo()


def test_its_loop_has_the_scope_of_the_fixture_that_made_it(give: Give) -> None:
    loop, made = give()
    entry = loops.LEDGER.find(loop)
    next(made, None)
    assert entry is not None
    assert (entry.scope, entry.node) == ("module", "test_cart.py")


@pytest_asyncio.fixture
async def made_by_hand() -> AsyncIterator[asyncio.AbstractEventLoop]:
    undo = loops.install()
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()
    undo()


@pytest.mark.asyncio
async def test_a_loop_that_a_users_fixture_makes_is_no_loop_of_a_scope(
    made_by_hand: asyncio.AbstractEventLoop,
) -> None:
    entry = loops.LEDGER.find(made_by_hand)
    assert entry is not None
    assert entry.scope is None
    assert "made_by_hand" in {function for *_, function in entry.callers}


def test_what_is_pending_when_it_closes_its_loop_is_noted(give: Give) -> None:
    loop, made = give()
    task = loop.create_task(asyncio.Event().wait())
    loop.run_until_complete(asyncio.sleep(0))
    next(made, None)
    [entry] = loop_leaks.take()
    assert (entry.task, entry.scope) == (id(task), "module")
    task._log_destroy_pending = False  # type: ignore[attr-defined]


def test_the_plugin_is_as_before_when_nobody_watches(give: Give) -> None:
    watched = sys.modules["pytest_asyncio.plugin"]._provide_event_loop
    undo = loop_leaks.install()
    undo()
    assert sys.modules["pytest_asyncio.plugin"]._provide_event_loop is watched


class Item:
    """A test of such a plugin: it has a mark, and no scope of its own."""

    def __init__(self, ini: str, **said: str) -> None:
        self.config = SimpleNamespace(getini=lambda name: ini)
        self.said = said

    def get_closest_marker(self, name: str) -> Any:
        return SimpleNamespace(kwargs=self.said)


Item.__module__ = "pytest_asyncio.plugin"


def test_the_mark_says_on_which_loop_a_test_runs() -> None:
    assert loop_scopes.of_test(Item("session", loop_scope="class")) == "class"


def test_without_a_word_in_the_mark_the_ini_says_it() -> None:
    assert loop_scopes.of_test(Item("session")) == "session"


def test_the_loop_of_a_fixture_is_found_by_its_scope() -> None:
    loop = asyncio.new_event_loop()
    definition = SimpleNamespace(
        func=SimpleNamespace(__module__="pytest_asyncio.plugin"),
        cached_result=(loop, None, None),
        scope="module",
    )
    info = SimpleNamespace(name2fixturedefs={"test_cart.py::<event_loop>": [definition]})
    found = fixtures.runners(SimpleNamespace(_fixtureinfo=info))
    loop.close()
    assert found == {"module": loop}


async def stock() -> dict[str, int]:
    return {}


@pytest.mark.parametrize("slip", ["stock.items", "stock['pen']", "'pen' in stock"])
def test_the_coroutine_that_pytest_8_hands_over_is_a_fixture_nobody_ran(slip: str) -> None:
    coroutine = stock()
    definition = SimpleNamespace(
        func=stock, cached_result=(coroutine, None, None), scope="function", argname="stock"
    )
    info = SimpleNamespace(name2fixturedefs={"stock": [definition]}, initialnames=(), argnames=())
    item = SimpleNamespace(
        _fixtureinfo=info, name="test_stock", config=SimpleNamespace(getini=lambda name: "")
    )
    with pytest.raises((AttributeError, TypeError)) as caught:
        exec(compile(slip, __file__, "exec"), {"__file__": __file__}, {"stock": coroutine})
    coroutine.close()
    [link] = failure.chain(caught.value)
    found = session._handed_over(link, item, Labels(root="."))
    assert found is not None
    assert (found.fixture.name, found.form, found.handed) == ("stock", "coroutine", True)
