"""The test's client decodes, the code under test decodes a second time."""

# name: client
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey

pytestmark = pytest.mark.asyncio


async def name_of(client, user):
    value = await client.get(f"name:{user}")
    return value.decode()


@pytest_asyncio.fixture
async def client():
    client = Valkey.from_url(os.environ["VALKEY_URL"], decode_responses=True)  # LC508
    yield client
    await client.aclose()


async def test_a_name_is_text(client):
    await client.set("name:1", "ada")
    assert await name_of(client, 1) == "ada"


async def test_a_raw_value(client):
    await client.set("raw", b"x")
    assert await client.get("raw") == b"x"
