"""The tests run on the loop of the client: its reader answers."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_first_question(client):
    assert await client.ask("left") == "LEFT"


async def test_the_second_question(client):
    assert await client.ask("right") == "RIGHT"
