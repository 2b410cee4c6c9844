"""Each test starts and stops what keeps one pool; the stopped one is never forgotten."""

# name: Db._pool
import os

import pytest
import pytest_asyncio
from db import Db


@pytest_asyncio.fixture
async def db():
    db = Db(os.environ["POSTGRES_URL"])
    await db.start()
    yield db
    await db.stop()


@pytest.mark.asyncio
async def test_first(db):
    assert await db.one() == 1


@pytest.mark.asyncio
async def test_second(db):
    assert await db.one() == 1
