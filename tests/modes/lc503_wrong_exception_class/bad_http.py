"""httpx has classes of its own, and none of them is a built-in ConnectionError."""

# name: ConnectionError
import httpx
import pytest

pytestmark = pytest.mark.asyncio


async def healthy(url):
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(url)).status_code == 200
        except (ConnectionError, ValueError):  # LC503
            return False


async def test_what_does_not_answer_is_not_healthy():
    assert not await healthy("http://127.0.0.1:1/health")
