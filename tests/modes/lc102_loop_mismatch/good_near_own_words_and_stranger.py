"""The words are the user's own, and a client of another loop is in the same frame, unused."""

import os

import pytest
import valkey.asyncio as valkey


class Store:
    def __init__(self):
        self.client = valkey.from_url(os.environ["VALKEY_URL"])

    def refuse(self):
        client = self.client
        raise RuntimeError(f"{type(client).__name__} is attached to a different loop")


store = Store()


@pytest.mark.asyncio(loop_scope="module")
async def test_client_is_bound_to_the_modules_loop():
    assert await store.client.ping()


@pytest.mark.asyncio
async def test_store_refuses():
    store.refuse()
