"""asyncio.run where there is no loop; get_running_loop where there is one."""

import asyncio

import pytest
import pytest_asyncio


async def price():
    return 3


def price_now():
    return asyncio.run(price())


class Service:
    def __init__(self):
        self.ready = asyncio.get_running_loop().create_future()


@pytest_asyncio.fixture
async def service():
    return Service()


@pytest.mark.asyncio
async def test_service(service):
    service.ready.set_result(await asyncio.to_thread(price_now))
    assert await service.ready == 3


def test_price_now():
    assert price_now() == 3
