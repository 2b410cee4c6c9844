"""`join` and `isinstance` refuse a coroutine, and their errors say nothing of one."""

# name: made.parts | made.kind
# findings: 2
from unittest.mock import AsyncMock

import pytest


async def title(store):
    return "-".join(store.parts())


async def takes(store, value):
    return isinstance(value, store.kind())


@pytest.mark.asyncio
async def test_title():
    made = AsyncMock()  # LC402
    made.parts.return_value = ["a", "b"]
    assert await title(made) == "a-b"


@pytest.mark.asyncio
async def test_takes():
    made = AsyncMock()  # LC402
    made.kind.return_value = str
    assert await takes(made, "tea")
