"""Connections of aiosqlite have no socket: nobody closes these, and the collector does."""

# name: journal | entries
# findings: 2
import aiosqlite
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def journal(tmp_path):  # LC307
    return await aiosqlite.connect(tmp_path / "journal.db")


async def test_journal(journal):
    await journal.execute("create table entry (text)")


async def test_entries():
    entries = await aiosqlite.connect(":memory:")  # LC307
    await entries.execute("create table entry (text)")
