"""The code checks the type of an answer, makes an enum of it, or compares a set of answers."""

# name: client
import enum
import os

import pytest
import pytest_asyncio
from valkey.asyncio import Valkey

pytestmark = pytest.mark.asyncio


class State(enum.Enum):
    OPEN = "open"


@pytest_asyncio.fixture
async def client():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:  # LC508
        await client.set("state", "open")
        yield client


async def test_its_type(client):
    state = await client.get("state")
    assert isinstance(state, str)


async def test_its_member(client):
    assert State(await client.get("state")) is State.OPEN


async def test_all_keys(client):
    assert set(await client.keys("state*")) == {"state"}


async def test_a_field_that_must_be_there(client):
    await client.hset("order:1", mapping={"state": "open"})
    order = await client.hgetall("order:1")
    if (state := order.get("state")) is None:
        raise RuntimeError("an order without a state")
    assert state == "open"
