"""What an earlier test left is there, and the code raises for reasons of its own."""

import fakeredis
import pytest
import pytest_asyncio

server = fakeredis.FakeServer()


async def charge(redis, who, cents):
    spent = await redis.incrby(f"spent:{who}", cents)
    if cents < 0:
        raise ValueError("negative")
    return spent


async def ship(redis, who):
    spent = await redis.get(f"spent:{who}")
    if spent is None:
        raise LookupError(who)
    if not spent.isalpha():
        raise TypeError(spent)


@pytest_asyncio.fixture
async def redis():
    async with fakeredis.FakeAsyncRedis(server=server) as client:
        yield client


@pytest.mark.asyncio
async def test_charges(redis):
    assert await charge(redis, "ada", 5) >= 5


@pytest.mark.asyncio
async def test_a_refund(redis):  # fails: the amount is wrong
    await charge(redis, "ada", -5)


@pytest.mark.asyncio
async def test_ships(redis):  # fails: whatever is there is no word
    await ship(redis, "ada")


@pytest.mark.asyncio
async def test_ships_nobody(redis):  # fails: nothing is there
    await ship(redis, "bela")
