"""The dependency of an application is called by hand, and gives a generator."""

# name: session

import pytest


class Session:
    async def scalars(self, query):
        return [query]


async def get_session():
    session = Session()
    try:
        yield session
    finally:
        del session


async def find_users(session):
    return await session.scalars("select name from users")


@pytest.mark.asyncio
async def test_users():
    session = get_session()  # LC507
    assert await find_users(session)
