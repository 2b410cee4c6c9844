"""A database object where the session is wanted."""

# name: database
import pytest
from stock import Database, level


@pytest.fixture
async def database():
    database = Database("sqlite+aiosqlite://")
    yield database  # LC507
    await database.engine.dispose()


async def test_a_level(database):
    assert await level(database, "tea") == 3  # LC507
