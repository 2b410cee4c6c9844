"""What a server would say, said by a double or by the test's own code: no server was asked."""

from unittest.mock import AsyncMock

import pytest
from valkey.exceptions import AuthenticationError, ReadOnlyError

pytestmark = pytest.mark.asyncio


async def store(client, night):
    return await client.incr(f"pitches:{night}")


class ReadOnly:
    async def incr(self, key):
        raise ReadOnlyError(f"no write of {key}")


async def test_a_mock_refuses_the_password():
    client = AsyncMock(incr=AsyncMock(side_effect=AuthenticationError("invalid password")))
    assert await store(client, "monday") == 1


async def test_a_fake_is_read_only():
    assert await store(ReadOnly(), "monday") == 1


async def test_a_mock_refuses_the_connection():
    client = AsyncMock(incr=AsyncMock(side_effect=ConnectionRefusedError(111, "refused")))
    assert await store(client, "monday") == 1
