"""A sale has written to the file, and the diary writes to it through a connection of its own."""

# name: sale

import aiosqlite
import pytest


async def remember(path, words):
    async with aiosqlite.connect(path, timeout=0.2) as diary:
        await diary.execute("insert into diary values (?)", [words])
        await diary.commit()


async def sell(path, cake):
    async with aiosqlite.connect(path, timeout=0.2) as sale:
        await sale.execute("insert into sales values (?)", [cake])
        await remember(path, f"sold {cake}")  # LC603
        await sale.commit()


@pytest.mark.asyncio
async def test_a_sale(tmp_path):
    async with aiosqlite.connect(tmp_path / "shop.db") as shop:
        await shop.executescript("create table sales (cake); create table diary (words)")
    await sell(tmp_path / "shop.db", "cheesecake")
