"""Only a closure holds the client: no global, no fixture, no attribute."""

# name: store
import os

import pytest
import valkey.asyncio as valkey


def make_counter(url):
    store = valkey.from_url(url)  # LC102

    async def count(page):
        return await store.incr(f"visits:{page}")

    return count


count = make_counter(os.environ["VALKEY_URL"])


@pytest.mark.asyncio(loop_scope="module")
async def test_home_page_is_counted():
    assert await count("home") >= 1


@pytest.mark.asyncio
async def test_shop_page_is_counted():
    assert await count("shop") >= 1
