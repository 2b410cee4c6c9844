"""The client is real, and the command that retries is replaced by one that fails once."""

import pytest
from store import Cache
from valkey.exceptions import TimeoutError


@pytest.fixture
async def cache():
    cache = Cache("valkey://127.0.0.1:1")
    yield cache
    await cache.client.aclose()


# name: flaky | cache.client.get
async def test_the_second_attempt_wins(cache, monkeypatch):
    attempts = []

    async def flaky(key):
        attempts.append(key)
        if len(attempts) == 1:
            raise TimeoutError("fail once")
        return b"42"

    monkeypatch.setattr(cache.client, "get", flaky)  # LC403
    assert await cache.get("answer") == b"42"
    assert len(attempts) == 2
