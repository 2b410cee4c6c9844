"""A container keeps what makes the client, and hands that over for the client itself."""

# name: self.client
import fakeredis
import pytest


class Lazy:
    """Makes the thing at the first call, and keeps it."""

    def __init__(self, make):
        self.make, self.thing = make, None

    def __call__(self):
        if self.thing is None:
            self.thing = self.make()
        return self.thing


class Sessions:
    def __init__(self, client):
        self.client = client

    async def open(self, token, user):
        await self.client.hset(f"session:{token}", mapping={"user": user})
        return await self.client.hget(f"session:{token}", "user")


class Container:
    def __init__(self):
        self.store = Lazy(lambda: fakeredis.FakeAsyncRedis(decode_responses=True))
        self.sessions = Lazy(lambda: Sessions(self.store))  # LC507


@pytest.fixture
def sessions():
    return Container().sessions()


@pytest.mark.asyncio
async def test_a_session_is_opened(sessions):
    assert await sessions.open("t1", "ada") == "ada"
