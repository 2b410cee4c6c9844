"""Doubles all around, and every failure says for itself what is wrong."""

from unittest.mock import AsyncMock

import pytest


async def save(session, user):
    session.add(user)  # no result is asked for: the double is as good as the real one
    await session.commit()
    return user.upper()


@pytest.mark.asyncio
async def test_awaited():
    session = AsyncMock()
    await save(session, "ada")
    session.rollback.assert_awaited_once()


@pytest.mark.asyncio
async def test_value():
    session = AsyncMock()
    assert await save(session, "ada") == "ada"
    session.add.assert_called_once_with("ada")


@pytest.mark.asyncio
async def test_side_effect():
    session = AsyncMock()
    session.commit.side_effect = TypeError("'coroutine' object is not iterable")
    await save(session, "ada")
