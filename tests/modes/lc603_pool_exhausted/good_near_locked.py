"""The first connection commits, or only reads; and a backup has the file locked for itself."""

import sqlite3

import aiosqlite
import pytest
import pytest_asyncio


@pytest_asyncio.fixture
async def path(tmp_path):
    async with aiosqlite.connect(tmp_path / "shop.db") as shop:
        await shop.execute("pragma journal_mode = wal")
        await shop.executescript("create table sales (cake); create table diary (words)")
    return tmp_path / "shop.db"


async def remember(path, words):
    async with aiosqlite.connect(path, timeout=0.1) as diary:
        await diary.execute("insert into diary values (?)", [words])
        await diary.commit()


@pytest.mark.asyncio
async def test_it_has_committed(path):
    async with aiosqlite.connect(path) as sale:
        await sale.execute("insert into sales values ('cheesecake')")
        await sale.commit()
        await remember(path, "sold")


@pytest.mark.asyncio
async def test_it_only_reads(path):
    async with aiosqlite.connect(path, isolation_level=None) as sale:
        await sale.execute("begin")
        async with sale.execute("select count(*) from sales") as rows:
            await rows.fetchall()
        await remember(path, "looked")


@pytest.mark.asyncio
async def test_a_backup_is_at_work(path):
    backup = sqlite3.connect(path, isolation_level=None)
    backup.execute("begin immediate")
    try:
        await remember(path, "tired")
    finally:
        backup.close()
