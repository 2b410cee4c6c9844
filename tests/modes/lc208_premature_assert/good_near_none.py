"""Something is None, and what still runs will not fill it."""

import asyncio

import pytest
import pytest_asyncio


class Session:
    def __init__(self):
        self.profile = self.error = self.seen = None

    async def expire(self):
        await asyncio.sleep(0.05)
        self.profile = None

    async def look(self):
        await asyncio.sleep(0.05)
        self.seen = {"by": self.profile}


@pytest_asyncio.fixture
async def session():
    session = Session()
    async with asyncio.TaskGroup() as group:
        for one in (session.expire, session.look):
            group.create_task(one())
        yield session


@pytest.mark.asyncio
async def test_nobody_fills_it(session):
    assert session.profile["name"] == "Mia"


@pytest.mark.asyncio
async def test_nobody_sets_it(session):
    assert session.error.args == ()


@pytest.mark.asyncio
async def test_another_has_no_such_part(session):
    assert session.seen is None and session.profile.name == "Mia"


@pytest.mark.asyncio
async def test_the_words_alone(session):
    raise TypeError("'NoneType' object is not subscriptable", session.seen)
