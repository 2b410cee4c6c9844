"""No plugin: each synchronous test calls asyncio.run, which closes its loop at the end."""

# name: store
import asyncio
import os

import redis.asyncio as redis

store = redis.Redis.from_url(os.environ["VALKEY_URL"])  # LC101


def test_stock_is_set():
    assert asyncio.run(store.set("stock", 5))


def test_stock_is_there():
    assert asyncio.run(store.get("stock")) == b"5"
