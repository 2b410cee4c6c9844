"""The class's own end closes what it keeps, and an `except` around it hides nothing."""

import aiohttp
import pytest
import pytest_asyncio


class Api:
    def __init__(self):
        self.http = aiohttp.ClientSession()

    async def shutdown(self):
        await self.http.close()


@pytest_asyncio.fixture
async def api():
    made = Api()
    yield made
    try:
        await made.shutdown()
    except Exception:
        pass


@pytest.mark.asyncio
async def test_open(api):
    assert not api.http.closed
