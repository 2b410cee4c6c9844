"""One fixture makes the client, the next hands it to the object that keeps it."""

# name: store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio


class Lights:
    def __init__(self, store):
        self.store = store

    async def is_on(self, name):
        state = await self.store.get(f"light:{name}")
        return {"on": True, "off": False}[state]


@pytest_asyncio.fixture
async def store():
    store = valkey.from_url(os.environ["VALKEY_URL"])  # LC508
    yield store
    await store.aclose()


@pytest.fixture
def lights(store):
    return Lights(store=store)


async def test_a_light_is_on(lights, store):
    await store.set("light:stage", "on")
    assert await lights.is_on("stage")
