"""The application keeps a context manager that nobody entered; a test and a fixture do the same."""

# name: redis | self.kv | kv
# findings: 3
import pytest
from fastapi.testclient import TestClient
from main import app, redis_client


class Flags:
    def __init__(self, kv):
        self.kv = kv

    async def on(self, name):
        return await self.kv.sismember("flags", name)


@pytest.fixture
def kv():
    return redis_client()  # LC507


def test_visits():
    with TestClient(app) as client:
        assert client.get("/visits").json() == {"visits": 1}


async def test_of_the_test():
    assert not await Flags(redis_client()).on("a")  # LC507


async def test_of_a_fixture(kv):
    assert not await Flags(kv).on("a")


async def test_entered():
    async with redis_client() as client:
        assert not await Flags(client).on("a")
