"""A fixture hands the client to the object that keeps it: its line is the one to change."""

# name: lights.store
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
async def lights():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:  # LC508
        await store.set("light:stage", "on")
        yield Lights(store)


async def test_a_light_is_on(lights):
    assert await lights.is_on("stage")
