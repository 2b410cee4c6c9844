"""API, service, repository: the test only sees the outermost, a global app object."""

# name: app.orders.repo.cache
import os

import pytest
import valkey.asyncio as valkey


class OrderRepo:
    def __init__(self, cache):
        self.cache = cache

    async def save(self, order):
        async with self.cache.pipeline(transaction=True) as pipe:
            return await pipe.incr("orders").hset("order", order, "new").execute()


class OrderService:
    def __init__(self, repo):
        self.repo = repo

    async def place(self, order):
        return await self.repo.save(order)


class App:
    def __init__(self, url):
        self.orders = OrderService(OrderRepo(valkey.from_url(url)))

    async def post(self, path, body):
        return 201, await getattr(self, path).place(body)


app = App(os.environ["VALKEY_URL"])  # LC102


@pytest.mark.asyncio(loop_scope="session")
async def test_post_order():
    assert (await app.post("orders", "tea"))[0] == 201


@pytest.mark.asyncio
async def test_post_second_order():
    assert (await app.post("orders", "milk"))[0] == 201
