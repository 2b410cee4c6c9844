"""The guard finds no user in an answer that has one, as bytes: the session "has expired"."""

import fakeredis
import pytest
import pytest_asyncio


class Sessions:
    def __init__(self, client):
        self.client = client

    async def open(self, number, user):
        await self.client.hset(f"session:{number}", mapping={"user": user, "visits": 1})

    async def load(self, number):
        found = await self.client.hgetall(f"session:{number}")
        if found.get("user") is None:
            raise PermissionError("session expired")
        return found


@pytest_asyncio.fixture
async def sessions():
    client = fakeredis.FakeAsyncRedis()  # LC508
    yield Sessions(client)
    await client.aclose()


# name: sessions.client
@pytest.mark.asyncio
async def test_an_open_session_is_found(sessions):
    await sessions.open(1, "ada")
    assert (await sessions.load(1))["user"] == "ada"
