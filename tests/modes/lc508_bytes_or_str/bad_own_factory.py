"""A class makes its own client in a factory, and `__init__` only keeps what it is handed."""

# name: lights.store
import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio


class Lights:
    def __init__(self, store):
        self.store = store

    @classmethod
    def connect(cls, url):
        return cls(valkey.from_url(url))  # LC508


@pytest_asyncio.fixture
async def lights():
    lights = Lights.connect(os.environ["VALKEY_URL"])
    yield lights
    await lights.store.aclose()


async def test_a_light_is_on(lights):
    await lights.store.set("light:stage", "on")
    assert await lights.store.get("light:stage") == "on"
