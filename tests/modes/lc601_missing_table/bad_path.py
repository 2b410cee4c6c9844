"""The application opens the path that it is given for each step; a test gives `:memory:`."""

# name: entries
import aiosqlite
import pytest
import pytest_asyncio


class Ledger:
    def __init__(self, path):
        self.path = path

    async def migrate(self):
        async with aiosqlite.connect(self.path) as db:
            await db.execute("create table entries (amount integer)")
            await db.commit()

    async def book(self, amount):
        async with aiosqlite.connect(self.path) as db:
            await db.execute("insert into entries values (?)", (amount,))
            await db.commit()


@pytest_asyncio.fixture
async def ledger():
    ledger = Ledger(":memory:")  # LC601
    await ledger.migrate()
    return ledger


@pytest.mark.asyncio
async def test_an_amount_is_booked(ledger):
    await ledger.book(5)
