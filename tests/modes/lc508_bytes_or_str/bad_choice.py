"""The answer is a key of a dict that the test's own helper writes out as text."""

# name: store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio

SIGNS = {"on": "a light", "off": "dark"}


async def shown(store, name):
    state = await store.get(f"light:{name}")
    return SIGNS[state]


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:  # LC508
        yield store


async def test_a_light_is_shown(store):
    await store.set("light:stage", "on")
    assert await shown(store, "stage") == "a light"


async def test_a_state_in_between_is_shown(store):
    await store.set("light:door", "off")
    state = await store.get("light:door")
    assert {"off": "dark"}[state] == "dark"
