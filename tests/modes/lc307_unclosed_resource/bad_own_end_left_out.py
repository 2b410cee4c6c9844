"""The class's `close` leaves its session out: it does not fail, though an `except` is around."""

import aiohttp
import pytest
import pytest_asyncio


class Api:
    def __init__(self):
        self.http = aiohttp.ClientSession()  # LC307
        self.open = True

    async def close(self):
        self.open = False


@pytest_asyncio.fixture
async def api():
    made = Api()
    yield made
    try:
        await made.close()
    except Exception:
        pass


# name: self.http | api.http
@pytest.mark.asyncio
async def test_open(api):
    assert not api.http.closed
