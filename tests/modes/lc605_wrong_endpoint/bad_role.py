"""A developer's own role, through SQLAlchemy, which hides asyncpg's class."""

import os

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine


def engine_of(user):
    url = make_url(os.environ["POSTGRES_URL"]).set(drivername="postgresql+asyncpg")
    return create_async_engine(url.set(username=user))


engine = engine_of(user="magda")  # LC605


# name: engine
@pytest.mark.asyncio
async def test_select():
    async with engine.begin() as connection:
        assert (await connection.execute(text("select 1"))).scalar() == 1
