"""A container creates its session on demand, and its fixture never closes the container."""

# name: container

from functools import cached_property

import aiohttp
import pytest


class Container:
    @cached_property
    def http(self):
        return aiohttp.ClientSession()

    async def aclose(self):
        await self.http.close()


@pytest.fixture
def container():  # LC307
    return Container()


@pytest.mark.asyncio
async def test_it_is_open(container):
    assert not container.http.closed
