"""One decision for the client: text, or bytes that the test means."""

import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def client():
    async with Valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True) as client:
        yield client


@pytest_asyncio.fixture
async def raw():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


async def test_text(client):
    await client.set("answer", "42")
    assert await client.get("answer") == "42"


async def test_bytes_are_meant(raw):
    await raw.set("picture", b"\x80\x00")
    assert await raw.get("picture") == b"\x80\x00"


async def test_another_value_is_a_plain_failure(raw):
    await raw.set("answer", "41")
    assert await raw.get("answer") == b"42"


async def test_text_that_would_not_be_equal_either(raw):
    await raw.set("answer", "41")
    assert await raw.get("answer") == "42"


async def test_a_number_is_made_of_it_and_is_another(raw):
    await raw.set("n", 41)
    assert int(await raw.get("n")) == 42


async def test_it_is_decoded_and_is_another(raw):
    await raw.set("42", "41")
    assert (await raw.get("42")).decode() == "42"


async def test_how_long_it_is(raw):
    await raw.set("n", 2)
    assert len(await raw.get("n")) == 2


async def test_a_key_that_is_not_there(raw):
    await raw.hset("user:1", mapping={"name": "ada"})
    user = await raw.hgetall("user:1")
    assert user[b"mail"]
