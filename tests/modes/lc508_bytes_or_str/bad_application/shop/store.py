import os

import redis.asyncio as redis


def connect():
    return redis.from_url(os.environ["VALKEY_URL"])  # LC508


class Carts:
    def __init__(self):
        self.store = connect()

    async def add(self, owner, item, price):
        await self.store.hset(f"cart:{owner}", mapping={"item": item, "price": price})

    async def total(self, owner):
        cart = await self.store.hgetall(f"cart:{owner}")
        return int(cart["price"])

    async def close(self):
        await self.store.aclose()
