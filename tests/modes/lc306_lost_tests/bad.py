"""A copied test kept its name: the second takes the place of the first."""

# name: test_login
import asyncio

import pytest

USERS = {"ada": "secret"}


async def login(name, password):
    await asyncio.sleep(0)
    return USERS.get(name) == password


@pytest.mark.asyncio
async def test_login():  # LC306
    assert await login("ada", "secret") is None


@pytest.mark.asyncio
async def test_login():  # noqa: F811
    assert not await login("ada", "wrong")
