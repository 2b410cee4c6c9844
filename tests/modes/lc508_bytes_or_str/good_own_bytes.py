"""A frame of a protocol of its own is bytes and is looked up as such: no client gave it."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

pytestmark = pytest.mark.asyncio
SIGNS = {"on": "a light", "off": "dark"}


@pytest_asyncio.fixture
async def store():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


async def test_a_frame_is_read(store):
    await store.set("light:stage", "on")
    frame = b"on"
    assert SIGNS[frame] == "a light"


async def test_a_key_that_nobody_has(store):
    state = await store.get("light:stage")
    assert {"red": 1, "green": 2}[state] == 1


async def test_frames_in_a_comprehension(store):
    signs = {await store.get("light:stage"): 1, **SIGNS}
    assert sum(signs[frame] for frame in (b"on", b"off")) == 2
