"""What the watch of databases notes, and that it leaves their classes as they were."""

import gc
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiosqlite
import asyncpg  # type: ignore[import-untyped]  # noqa: F401 — it is watched, too
import pytest
import pytest_asyncio
from sqlalchemy import Column, Integer, MetaData, Table, text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import Pool, StaticPool

from loopcheck.process import objects
from loopcheck.process.databases import table_statements
from loopcheck.watch.stores import databases as watch


@pytest.fixture
def journal() -> Iterator[watch.Journal]:
    undo = watch.install()
    yield watch.JOURNAL
    undo()


@pytest_asyncio.fixture
async def engine(journal: watch.Journal) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine("sqlite+aiosqlite://", poolclass=StaticPool)
    yield engine
    await engine.dispose()


def _line(site: watch.Site) -> tuple[str, int]:
    code, line, _ = site.lines[0]
    return code.co_name, line


def _here() -> int:
    return sys._getframe(1).f_lineno


def _classes() -> dict[str, object]:
    found: dict[str, object] = {"Pool.connect": Pool.__dict__["connect"]}
    for module, name, notes in watch.HOOKS:
        kind = objects.loaded_class(module, name)
        if kind is None and module.startswith("psycopg_pool."):
            continue  # no dependency of the tests
        assert kind is not None, (module, name)
        found |= {f"{name}.{one}": getattr(kind, one) for one in notes}
    return found


def test_undo_leaves_every_class_as_it_was_found() -> None:
    before = _classes()
    undo = watch.install()
    hooked = _classes()
    assert all(hooked[name] is not before[name] for name in before)
    undo()
    assert _classes() == before
    assert not watch.JOURNAL.closed


@pytest.mark.asyncio
async def test_a_connection_of_an_engine_is_noted_through_its_greenlet(
    journal: watch.Journal, engine: AsyncEngine
) -> None:
    async with engine.connect() as connection:
        line = _here() - 1
        await connection.execute(text("select 1"))
    assert (("test_a_connection_of_an_engine_is_noted_through_its_greenlet", line)) in [
        _line(site) for site in journal.taken.values()
    ]


@pytest.mark.asyncio
async def test_who_leaves_an_async_with_is_who_closed_it(
    journal: watch.Journal, engine: AsyncEngine
) -> None:
    async with engine.connect() as connection:
        line = _here() - 1
    site = journal.closed[id(connection.sync_connection)]
    assert _line(site)[1] == line


@pytest.mark.asyncio
async def test_tables_are_noted_with_who_made_them(
    journal: watch.Journal, engine: AsyncEngine
) -> None:
    metadata = MetaData()
    Table("users", metadata, Column("id", Integer))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        line = _here() - 1
        await connection.execute(text("create table if not exists notes (body text)"))
    by_create_all, by_hand = journal.statements
    assert (by_create_all.names, by_create_all.orm, by_create_all.state) == (
        ("users",),
        True,
        "committed",
    )
    assert _line(by_create_all.site)[1] == line
    assert (by_hand.names, by_hand.checks, by_hand.orm) == (("notes",), True, False)
    assert by_hand.database == by_create_all.database != ""
    [made] = journal.made
    assert (made.verb, made.tables, made.database) == ("create", ("users",), by_hand.database)


@pytest.mark.asyncio
async def test_two_in_memory_databases_are_two(journal: watch.Journal) -> None:
    for _ in range(2):
        async with aiosqlite.connect(":memory:") as db:
            await db.execute("create table users (id integer)")
            await db.executescript("create table notes (id integer); drop table notes;")
    verbs = [(one.verb, one.names) for one in journal.statements]
    assert verbs == [("create", ("users",)), ("create", ("notes",)), ("drop", ("notes",))] * 2
    assert {one.words for one in journal.statements} == {"an in-memory SQLite database"}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("CREATE TABLE users (id int)", [("create", "table", ("users",), False)]),
        ('create table if not exists "Users" (id int)', [("create", "table", ("Users",), True)]),
        (
            "-- who\ncreate unlogged table app.Users ()",
            [("create", "table", ("app", "users"), False)],
        ),
        ("create type role as enum ('a')", [("create", "type", ("role",), False)]),
        ("select 1; drop table if exists t cascade", [("drop", "table", ("t",), True)]),
        ("create temp table t (id int)", []),
        ("create temporary table if not exists t (id int)", []),
        ("insert into users values ('create table x')", []),
        ("created table", []),
    ],
)
def test_statements_are_read(sql: str, said: list[tuple[str, str, tuple[str, ...], bool]]) -> None:
    found = [(one.verb, one.kind, one.names, one.checks) for one in table_statements.read(sql)]
    assert found == said


def test_an_address_is_known_without_its_password() -> None:
    engine = create_async_engine("postgresql+asyncpg://ada:secret@db.local:5433/shop")
    key, words = table_statements.of_sqlalchemy(engine)
    assert (key, words) == ("postgresql db.local:5433/shop", "the database `shop`")


async def _take_and_drop(engine: AsyncEngine) -> None:
    session = AsyncSession(engine)
    await session.execute(text("select 1"))


def _collect() -> frozenset[int]:
    gc.collect()
    return frozenset()


@pytest.mark.asyncio
@pytest.mark.filterwarnings("ignore:The garbage collector is trying")
async def test_a_session_that_was_dropped_is_named_though_the_collector_came(
    journal: watch.Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/shop.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0)
    monkeypatch.setattr(watch, "_waiters", _collect)  # as an import on the way to the failure does
    gc.disable()
    try:
        await _take_and_drop(engine)
        with pytest.raises(PoolTimeout):
            await engine.connect()
    finally:
        gc.enable()
    [(_, site)] = journal.waited[id(engine.pool)]
    assert _line(site)[0] == "_take_and_drop"
    await engine.dispose()
