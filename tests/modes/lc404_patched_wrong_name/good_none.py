"""None that no patch and no import explains: an answer, and a set-up that was forgotten."""

from unittest.mock import AsyncMock, patch

import pytest

client = None


async def connect():
    global client
    client = AsyncMock()


async def find(key):
    return None


async def save(key):
    await client.set(key, 1)


@pytest.mark.asyncio
async def test_an_answer_of_none():
    with patch(f"{__name__}.save", AsyncMock()):
        row = await find("ada")
        assert row.name == "ada"


@pytest.mark.asyncio
async def test_a_set_up_that_was_forgotten():
    with patch(f"{__name__}.find", AsyncMock()):
        await save("ada")
