"""The client is at home and fails because of what it was asked; another client is a stranger."""

import os

import pytest
import pytest_asyncio
import valkey.asyncio as valkey

stranger = valkey.from_url(os.environ["VALKEY_URL"])


@pytest_asyncio.fixture
async def client():
    async with valkey.from_url(os.environ["VALKEY_URL"]) as client:
        yield client


@pytest.mark.asyncio(loop_scope="module")
async def test_stranger_is_bound_to_the_modules_loop():
    assert await stranger.set("text", "not a list")


@pytest.mark.asyncio
async def test_wrong_kind_of_value(client):
    assert stranger is not client
    await client.lpush("text", "x")


@pytest.mark.asyncio
async def test_wrong_command(client):
    await client.execute_command("NO SUCH COMMAND")


@pytest.mark.asyncio
async def test_wrong_answer(client):
    assert await client.get("text") == b"a list"
