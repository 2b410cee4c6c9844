"""The watch over connections: it sees who opened what, and tells a close from a collection."""

import asyncio
import gc
from asyncio import selector_events
from collections.abc import Callable, Generator, Iterator
from unittest.mock import MagicMock

import pytest

from loopcheck.process import keepers
from loopcheck.watch import loops
from loopcheck.watch.stores import sockets

Undo = Callable[[], None]
KEPT: list[object] = []
TRANSPORT = selector_events._SelectorTransport  # type: ignore[attr-defined]
HOOKED = ("__init__", "close", "_force_close", "__del__")
FOUND = [getattr(TRANSPORT, name) for name in HOOKED]


@pytest.fixture(scope="module", autouse=True)
def thawed() -> Iterator[None]:
    """Let it be seen who keeps what: all that was there when the tests began is frozen."""
    gc.unfreeze()
    yield
    gc.freeze()


@pytest.fixture(autouse=True)
def watched() -> Iterator[list[Undo]]:
    undos: list[Undo] = [loops.install(), sockets.install()]
    sockets.take()
    yield undos
    KEPT.clear()
    while undos:
        undos.pop()()


async def connected(at: int) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection("127.0.0.1", at)
    return writer


async def answering() -> asyncio.Server:
    return await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)


def port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])


def runner(monkeypatch: pytest.MonkeyPatch) -> asyncio.Runner:
    """Return a runner whose loop counts as one of a test's."""
    monkeypatch.setattr(loops, "_made_by", lambda frame: ("function", "test_sockets.py", ()))
    return asyncio.Runner()


def test_a_connection_left_at_the_end_is_noted_with_its_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with runner(monkeypatch) as run:
        server = run.run(answering())
        writer = run.run(connected(port(server)))
        server.close()
    [entry] = sockets.take()
    assert not writer.is_closing()
    assert (entry.how, entry.scope) == ("left", "function")
    assert [code.co_name for code, _, _ in entry.site.lines] == ["connected"]
    assert entry.site.library == "asyncio.streams.open_connection"


def test_what_a_module_keeps_on_purpose_is_not_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    with runner(monkeypatch) as run:
        server = run.run(answering())
        KEPT.append(run.run(connected(port(server))))
        server.close()
    assert sockets.take() == []


def test_a_closed_connection_is_not_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    with runner(monkeypatch) as run:
        server = run.run(answering())
        run.run(connected(port(server))).close()
        server.close()
    gc.collect()
    assert sockets.take() == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_close_by_the_collector_is_no_close(monkeypatch: pytest.MonkeyPatch) -> None:
    async def drops(at: int) -> None:
        await connected(at)

    with runner(monkeypatch) as run:
        server = run.run(answering())
        run.run(drops(port(server)))
        gc.collect()
        server.close()
    assert [entry.how for entry in sockets.take()] == ["collected"]


def test_a_program_of_its_own_is_left_alone() -> None:
    async def main() -> None:
        server = await answering()
        KEPT.append(await connected(port(server)))
        server.close()

    asyncio.run(main())
    assert sockets.take() == []


def test_a_connection_made_in_a_child_task_is_its_parents(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def waits(at: int) -> asyncio.StreamWriter:
        connecting = asyncio.open_connection("127.0.0.1", at)
        [(_, writer)] = await asyncio.gather(asyncio.wait_for(connecting, 10))
        return writer

    with runner(monkeypatch) as run:
        server = run.run(answering())
        writer = run.run(waits(port(server)))
        server.close()
    [entry] = sockets.take()
    assert not writer.is_closing()
    assert [code.co_name for code, _, _ in entry.site.lines] == ["waits"]


def test_what_a_module_keeps_is_kept_and_what_a_local_keeps_is_not() -> None:
    class Thing:
        pass

    thing, other = Thing(), Thing()
    KEPT.append({"deep": [thing]})
    assert keepers.kept(thing)
    assert not keepers.kept(other)


def test_what_a_class_keeps_is_kept() -> None:
    class Thing:
        pass

    thing = Thing()

    class Holder:
        things = (thing,)

    assert keepers.kept(thing)
    assert Holder.things


def test_what_a_mock_was_called_with_is_kept_where_the_mock_is() -> None:
    class Thing:
        pass

    thing, double = Thing(), MagicMock()
    double.start(thing)  # each mock has a class of its own, which leads to it and to its calls
    assert not keepers.kept(thing)
    KEPT.append(double)
    assert keepers.kept(thing)


def test_nobody_is_said_to_let_go_where_the_collector_does_not_look() -> None:
    class Thing:
        pass

    thing = Thing()
    gc.freeze()  # as some projects do once their tests are collected
    try:
        assert keepers.kept(thing)
    finally:
        gc.unfreeze()
    assert not keepers.kept(thing)


def test_what_suspended_code_keeps_is_kept() -> None:
    class Thing:
        pass

    def gives() -> Generator[int, None, None]:
        thing = Thing()
        refs.append(thing)
        yield 1

    refs: list[Thing] = []
    suspended = gives()
    next(suspended)
    thing = refs.pop()
    assert keepers.kept(thing)
    suspended.close()
    assert not keepers.kept(thing)


def test_the_undo_leaves_asyncio_as_it_was(watched: list[Undo]) -> None:
    assert [getattr(TRANSPORT, name) for name in HOOKED] != FOUND
    while watched:
        watched.pop()()
    assert [getattr(TRANSPORT, name) for name in HOOKED] == FOUND


def test_who_looks_for_keepers_does_not_find_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step upwards reads the heap: its own lists led on until all of them were taken."""
    steps: list[int] = []

    def counted(level: tuple[object, ...]) -> list[object]:
        steps.append(len(level))
        return found(level)

    found = keepers._referrers
    monkeypatch.setattr(keepers, "_referrers", counted)
    assert not keepers.kept([object()])
    assert len(steps) <= 3
