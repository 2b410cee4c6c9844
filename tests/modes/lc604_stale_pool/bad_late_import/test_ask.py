import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.asyncio


async def ask():
    import db

    async with db.engine.connect() as connection:
        return (await connection.execute(sa.text("select 1"))).scalar()


async def test_asks():
    assert await ask() == 1


# name: engine | db.engine
async def test_asks_again():
    assert await ask() == 1
