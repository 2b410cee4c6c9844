"""Which open transaction a statement meets in an SQLite file."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import aiosqlite
import pytest

from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import write_locks


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(LEDGER, "moment", 1)
    undo = write_locks.install()
    yield
    undo()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as raw:
        raw.execute("create table sales (cake)")
    raw.close()
    return path


async def _is_met(one: aiosqlite.Connection, path: Path) -> bool:
    """Return whether a statement on a second connection meets the transaction of *one*."""
    async with aiosqlite.connect(path, timeout=0.1) as other:
        await other.execute("select count(*) from sales")
        return write_locks.holder_met_by(other) is not None


@pytest.mark.asyncio
async def test_a_write_holds_the_lock_until_its_commit(path: Path) -> None:
    async with aiosqlite.connect(path) as one:
        await one.execute("insert into sales values (1)")
        assert await _is_met(one, path)
        await one.commit()
        assert not await _is_met(one, path)


@pytest.mark.asyncio
async def test_a_transaction_that_begins_with_the_lock_holds_it_before_it_writes(
    path: Path,
) -> None:
    async with aiosqlite.connect(path, isolation_level=None) as one:
        await one.execute("begin immediate")
        assert await _is_met(one, path)


@pytest.mark.asyncio
async def test_a_transaction_that_only_reads_holds_none(path: Path) -> None:
    async with aiosqlite.connect(path, isolation_level=None) as one:
        await one.execute("begin")
        await one.execute("select count(*) from sales")
        assert not await _is_met(one, path)


@pytest.mark.asyncio
async def test_a_connection_whose_write_was_refused_holds_none(path: Path) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("begin immediate")
    async with aiosqlite.connect(path, timeout=0.01) as one:
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            await one.execute("insert into sales values (1)")
        assert one.in_transaction
        assert not await _is_met(one, path)
    raw.close()


@pytest.mark.asyncio
async def test_another_file_has_a_lock_of_its_own(path: Path, tmp_path: Path) -> None:
    async with aiosqlite.connect(tmp_path / "other.db") as one:
        await one.execute("create table sales (cake)")
        await one.execute("insert into sales values (1)")
        assert not await _is_met(one, path)


@pytest.mark.asyncio
async def test_what_it_met_is_known_after_it_has_rolled_back_and_closed(path: Path) -> None:
    async with aiosqlite.connect(path) as one:
        await one.execute("insert into sales values (1)")
        async with aiosqlite.connect(path, timeout=0.01) as other:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                await other.execute("insert into sales values (2)")
            await other.rollback()
        await one.rollback()
        met = write_locks.holder_met_by(other)
        assert met is not None
        assert met.holder.task in met.tasks
