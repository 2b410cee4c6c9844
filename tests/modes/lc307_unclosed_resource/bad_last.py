"""The only test of a run: pytest lets go of its session after the test's last report."""

# name: session
import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer


@pytest_asyncio.fixture
async def shop():
    async with TestServer(web.Application()) as server:
        yield server


@pytest_asyncio.fixture
async def session():  # LC307
    session = aiohttp.ClientSession()
    return session


@pytest.mark.asyncio
async def test_nothing_is_there(shop, session):
    answer = await session.get(shop.make_url("/price"))
    assert (answer.status, await answer.text()) == (404, "404: Not Found")
