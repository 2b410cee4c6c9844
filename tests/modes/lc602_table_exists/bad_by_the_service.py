"""A fixture fills the database, and the service that opens it makes the schema once more."""

# name: accounts
import aiosqlite
import pytest
import pytest_asyncio


async def migrate(db):
    await db.execute("create table accounts (owner text)")  # LC602


class Service:
    def __init__(self, path):
        self.path = path

    async def __aenter__(self):
        self.db = await aiosqlite.connect(self.path)
        try:
            await migrate(self.db)
        except Exception:
            await self.db.close()
            raise
        return self

    async def __aexit__(self, *error):
        await self.db.close()


@pytest_asyncio.fixture
async def filled(tmp_path):
    async with aiosqlite.connect(tmp_path / "bank.db") as db:
        await migrate(db)
        await db.execute("insert into accounts values ('Ada')")
        await db.commit()
    return tmp_path / "bank.db"


@pytest.mark.asyncio
async def test_the_service_opens(filled):
    async with Service(filled) as service:
        assert service.db
