"""The registry is an argument, and each test brings its own; names may be the same in both."""

import pytest
import pytest_asyncio
from prometheus_client import REGISTRY, CollectorRegistry, Counter


class Client:
    def __init__(self, registry=REGISTRY):
        self.calls = Counter("valkey_calls", "Calls made", ["command"], registry=registry)


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest_asyncio.fixture
async def client(registry):
    return Client(registry)


@pytest.mark.asyncio
async def test_one(client, registry):
    client.calls.labels("get").inc()
    assert registry.get_sample_value("valkey_calls_total", {"command": "get"}) == 1


@pytest.mark.asyncio
async def test_two(client, registry):
    client.calls.labels("get").inc()
    assert registry.get_sample_value("valkey_calls_total", {"command": "get"}) == 1
