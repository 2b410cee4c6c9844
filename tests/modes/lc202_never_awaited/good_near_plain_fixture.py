"""A plain fixture hands on a coroutine that its test awaits: what fails is another matter."""

import pytest


async def login(user):
    return {"token": user}


@pytest.fixture
def auth():
    return login("ann")


@pytest.mark.asyncio
async def test_token(auth):
    got = await auth
    assert got["token"] == "bob"
