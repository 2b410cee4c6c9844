"""Pinging before lending does not help: the ping itself runs on the other loop."""

# name: engine
from sqlalchemy import text


async def test_one(session):
    assert await session.scalar(text("select 1")) == 1


async def test_two(session):
    assert await session.scalar(text("select 2")) == 2
