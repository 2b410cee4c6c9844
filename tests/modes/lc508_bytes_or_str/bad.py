"""A client without decode_responses answers in bytes; the test compares them with text."""

# name: client
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def client():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:  # LC508
        yield client


async def test_a_value(client):
    await client.set("answer", "42")
    assert await client.get("answer") == "42"


async def test_a_field(client):
    await client.hset("user:1", mapping={"name": "ada"})
    user = await client.hgetall("user:1")
    assert user["name"] == "ada"


async def test_a_field_that_may_be_missing(client):
    await client.hset("user:2", mapping={"name": "bob"})
    user = await client.hgetall("user:2")
    assert user.get("name") == "bob"


async def test_a_member(client):
    await client.sadd("roles", "admin")
    members = await client.smembers("roles")
    assert "admin" in members


async def test_a_list(client):
    await client.rpush("jobs", "a", "b")
    assert await client.lrange("jobs", 0, -1) == ["a", "b"]


async def test_a_whole_hash(client):
    await client.hset("user:3", mapping={"name": "eve", "age": 36})
    assert await client.hgetall("user:3") == {"name": "eve", "age": "36"}


async def test_a_sentence(client):
    await client.set("name", "ada")
    assert "hello " + await client.get("name") == "hello ada"


async def test_a_formatted_sentence(client):
    await client.set("name", "ada")
    greeting = f"hello {await client.get('name')}"
    assert greeting == "hello ada"
