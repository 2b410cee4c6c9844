"""The tests share a loop; the session of each is made on a loop that is not theirs."""

# name: web
import os

import aiohttp
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture
async def web():  # LC106
    async with aiohttp.ClientSession() as web:
        yield web


async def test_first_page(web):
    async with web.get(os.environ["HTTP_URL"]) as answer:
        assert await answer.text() == "ok"
