"""The words are in the answer, and the double beside it is right: the real thing is at fault."""

from unittest.mock import AsyncMock, MagicMock

import pytest


def price(name):
    return {"name": name, "cents": 3}


async def answer(cache, audit, name):
    cache.find(name)
    await audit.write(name)
    try:
        return await price(name)
    except TypeError as error:
        return {"error": str(error)}


@pytest.mark.asyncio
async def test_answer():
    cache = MagicMock()
    cache.find.return_value = {"cents": 2}
    assert (await answer(cache, AsyncMock(), "bolt")) == {"name": "bolt", "cents": 3}
