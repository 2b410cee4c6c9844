"""The key is missing in either type, the guard asks for another, or no client gave the answer."""

import fakeredis
import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


async def user_of(client, number):
    found = await client.hgetall(f"session:{number}")
    if found.get("user") is None:
        raise PermissionError("session expired")
    return found["user"]


async def adult(client, number):
    found = await client.hgetall(f"session:{number}")
    if int(found.get(b"age")) < 18:
        raise PermissionError("too young")
    return found


def header(rows):
    if "user" not in rows:
        raise LookupError("user")
    return rows["user"]


@pytest_asyncio.fixture
async def client():
    client = fakeredis.FakeAsyncRedis()
    await client.hset("session:1", mapping={"age": 17})
    yield client
    await client.aclose()


async def test_nobody(client):
    assert await user_of(client, 1) == "ada"


async def test_a_child(client):
    assert await adult(client, 1)


async def test_a_header_of_bytes(client):
    assert header({b"user": "ada"}) == "ada"
