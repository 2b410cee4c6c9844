"""The session's own limit ends the request. The handler is about the ten seconds around it."""

import asyncio

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web


class FeedLate(Exception):
    pass


@pytest_asyncio.fixture
async def url():
    async def slow(request):
        await asyncio.sleep(0.5)
        return web.Response(text="news")

    app = web.Application()
    app.router.add_get("/", slow)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
    await runner.cleanup()


async def read(url):
    limit = aiohttp.ClientTimeout(total=0.05)
    async with aiohttp.ClientSession(timeout=limit) as session:
        async with session.get(url) as response:
            return await response.text()


async def news(url):
    try:
        async with asyncio.timeout(10):
            return await read(url)
    except TimeoutError as error:  # LC213
        raise FeedLate("no news within 10 s") from error


# name: session.get(url)
@pytest.mark.asyncio
async def test_a_slow_server_is_not_a_late_feed(url):
    with pytest.raises(TimeoutError):
        await news(url)
