"""The base class opens a session, and its clean-up only lets it go."""

# name: api.session
import os

import aiohttp
import pytest
import pytest_asyncio


class BaseApi:
    session = None

    async def open(self):
        self.session = aiohttp.ClientSession()  # LC307
        return self

    async def close(self):
        self.session = None


class PageApi(BaseApi):
    async def page(self):
        async with self.session.get(os.environ["HTTP_URL"]) as response:
            return await response.text()


@pytest_asyncio.fixture
async def api():
    api = await PageApi().open()
    yield api
    await api.close()


@pytest.mark.asyncio
async def test_a_page(api):
    assert await api.page() == "ok"
