"""The client's reader lives on the session's loop; each question waits for it on another."""

import pytest

pytestmark = pytest.mark.asyncio


# name: client
async def test_the_first_question(client):
    assert await client.ask("left") == "LEFT"


async def test_the_second_question(client):
    assert await client.ask("right") == "RIGHT"
