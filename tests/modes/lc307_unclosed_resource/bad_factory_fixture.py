"""A fixture returns a function that makes sessions: the fixture knows when the test is over."""

# name: make_api()

import aiohttp
import pytest
import pytest_asyncio


class Api:
    def __init__(self, http, token):
        self.http, self.token = http, token


@pytest_asyncio.fixture
async def make_api():  # LC307
    async def make(token):
        http = aiohttp.ClientSession()
        return Api(http, token)

    return make


@pytest.mark.asyncio
async def test_its_token(make_api):
    api = await make_api("t")
    assert api.token == "t"
