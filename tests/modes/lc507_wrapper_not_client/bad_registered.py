"""A container got the function that makes the client, and gives it on as it is."""

# name: self.client
import fakeredis
import pytest

PARTS = {}


def register(name, part):
    PARTS[name] = part


def get_client():
    return fakeredis.FakeAsyncRedis()


register("client", get_client)  # LC507


class Sessions:
    def __init__(self, client):
        self.client = client

    async def open(self, sid):
        return await self.client.setex(f"session:{sid}", 60, "1")


@pytest.fixture
def sessions():
    return Sessions(PARTS["client"])


@pytest.mark.asyncio
async def test_a_session_is_opened(sessions):
    assert await sessions.open("x")
