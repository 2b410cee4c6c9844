"""A method returns the answer of a request from inside its block: a large body is not there yet."""

# name: answer
import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer


async def letters(request):
    return web.json_response(["x" * 1000] * 4000)


class Archive:
    def __init__(self, url):
        self.url = url

    async def get(self):
        async with aiohttp.ClientSession() as session:
            async with session.get(self.url) as answer:  # LC604
                answer.raise_for_status()
                return answer

    async def count(self):
        answer = await self.get()
        return len(await answer.json())


@pytest_asyncio.fixture
async def archive():
    app = web.Application()
    app.router.add_get("/", letters)
    async with TestServer(app) as server:
        yield Archive(server.make_url("/"))


@pytest.mark.asyncio
async def test_all_letters_are_there(archive):
    assert await archive.count() == 4000
