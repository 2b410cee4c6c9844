"""A client makes its metrics, each test makes a client, and the registry is one for all."""

# name: valkey_calls
import pytest
import pytest_asyncio
from prometheus_client import Counter, Gauge


class Client:
    def __init__(self):
        self.calls = Counter("valkey_calls", "Calls made", ["command"])  # LC501
        self.size = Gauge("valkey_shard_size_bytes", "Size of the shard")


@pytest_asyncio.fixture
async def client():
    return Client()


@pytest.mark.asyncio
async def test_one(client):
    client.calls.labels("get").inc()


@pytest.mark.asyncio
async def test_two(client):
    client.calls.labels("get").inc()


@pytest.mark.asyncio
async def test_three(client):
    client.size.set(1)
