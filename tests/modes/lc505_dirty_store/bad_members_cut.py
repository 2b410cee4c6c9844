"""An earlier test's book takes a place among the best two, which one of this test's own loses."""

# name: shelf.redis

import fakeredis
import pytest
import pytest_asyncio

SERVER = fakeredis.FakeServer()


class Shelf:
    def __init__(self, redis):
        self.redis = redis

    async def rate(self, title, stars):
        await self.redis.zadd("rated", {title: stars}, ch=True)

    async def best(self, count):
        rows = await self.redis.zrevrange("rated", 0, count - 1, withscores=True)
        return [{"title": title, "stars": int(stars)} for title, stars in rows]


@pytest_asyncio.fixture
async def shelf():  # LC505
    redis = fakeredis.FakeAsyncRedis(server=SERVER, decode_responses=True)
    yield Shelf(redis)
    await redis.aclose()


@pytest.mark.asyncio
async def test_one_is_the_best(shelf):
    await shelf.rate("Emma", 5)
    assert await shelf.best(3) == [{"title": "Emma", "stars": 5}]


@pytest.mark.asyncio
async def test_the_better_one_comes_first(shelf):
    await shelf.rate("Dune", 3)
    await shelf.rate("Kim", 4)
    assert await shelf.best(2) == [
        {"title": "Kim", "stars": 4},
        {"title": "Dune", "stars": 3},
    ]
