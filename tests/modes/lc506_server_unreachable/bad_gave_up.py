"""A retry by hand: it keeps the last refusal, and raises its own error when all are over."""

import pytest
import valkey.asyncio as valkey

STORE_URL = "valkey://127.0.0.1:9/0"  # LC506


class StoreIsDown(Exception):
    pass


async def stock_of(store, name):
    refused = None
    for _ in range(3):
        try:
            return await store.hget("stock", name)
        except OSError as error:
            refused = error
        except valkey.ConnectionError as error:
            refused = error
    raise StoreIsDown(f"no stock of {name}: {type(refused).__name__}")


# name: store
@pytest.mark.asyncio
async def test_stock():
    store = valkey.from_url(STORE_URL)
    try:
        assert await stock_of(store, "apples") == b"3"
    finally:
        await store.aclose()
