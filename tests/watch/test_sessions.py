"""The watch over aiohttp's sessions: who made each, where that was a line of the user's."""

import asyncio
from collections.abc import Iterator

import aiohttp
import aiosqlite
import pytest

from loopcheck.watch import faults
from loopcheck.watch.stores import sessions, sockets

FOUND = aiohttp.ClientSession.__init__


@pytest.fixture(autouse=True)
def watched() -> Iterator[None]:
    undo = sessions.install(aiohttp.ClientSession)
    yield
    undo()
    assert vars(aiohttp.ClientSession)["__init__"] is FOUND
    assert not sockets.made


class Client(aiohttp.ClientSession):
    def __init__(self, name: str) -> None:
        super().__init__(headers={"User-Agent": name})


def lines_of(session: object) -> list[str]:
    return [code.co_name for code, _, _ in sockets.made[id(session)].lines]


def test_the_line_that_makes_it_is_noted() -> None:
    async def make() -> None:
        async with aiohttp.ClientSession() as session, Client("ours") as ours:
            assert lines_of(session) == ["make"]
            assert lines_of(ours) == ["make"]  # and not the line of its class

    asyncio.run(make())


def test_what_a_library_makes_is_its_own() -> None:
    async def make() -> None:
        with pytest.raises(aiohttp.InvalidURL):
            async with aiohttp.request("GET", "http:///"):
                pass
        assert not sockets.made

    asyncio.run(make())


def test_the_class_looks_as_before() -> None:
    assert aiohttp.ClientSession.__init__ is FOUND


def test_what_it_warns_of_stays_at_the_line_that_makes_it() -> None:
    async def make() -> None:
        with pytest.warns(DeprecationWarning, match="deprecated") as warned:
            async with aiohttp.ClientSession(auth=aiohttp.BasicAuth("ada", "tea")):
                pass
        assert {one.filename for one in warned} == {__file__}

    asyncio.run(make())


def test_only_the_latest_are_kept() -> None:
    async def make() -> None:
        for _ in range(sockets.KEPT + 5):
            await aiohttp.ClientSession(connector_owner=False).close()
        assert len(sockets.made) <= sockets.KEPT

    asyncio.run(make())


def test_an_aiosqlite_whose_connections_are_threads_is_left_alone() -> None:
    """Before 0.22 none is collected while it is open."""

    class Connection:
        pass

    sessions.install_aiosqlite(Connection)()
    assert not {"__init__", "__del__"} & set(vars(Connection))


def test_a_connection_of_aiosqlite_may_be_made_where_no_loop_runs() -> None:
    undo = sessions.install_aiosqlite(aiosqlite.Connection)
    try:
        made = aiosqlite.connect(":memory:")

        async def use() -> None:
            async with made:
                pass

        asyncio.run(use())
    finally:
        undo()
    assert faults.seen == []
