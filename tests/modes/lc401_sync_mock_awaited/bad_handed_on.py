"""What the mocks gave has a name first, or stands in a list that is awaited as a whole."""

import asyncio
from unittest.mock import MagicMock

import pytest


@pytest.fixture
def client():
    double = MagicMock(name="client")  # LC401
    double.load.return_value = 1
    return double


async def named(client):
    op = client.load
    result = op()
    return await result


async def listed(clients):
    tasks = []
    for client in clients:
        tasks.append(client.load())
    return await asyncio.gather(*tasks)


async def each(clients):
    return await asyncio.gather(*[one.load() for one in clients])


async def mapped(clients):
    return await asyncio.gather(*map(lambda one: one.load(), clients))  # noqa: C417


# name: client.load
@pytest.mark.asyncio
async def test_named(client):
    assert await named(client) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("load", [listed, each, mapped])
async def test_many(client, load):
    assert await load([client]) == [1]
