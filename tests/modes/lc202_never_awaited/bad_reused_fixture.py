"""A fixture of the module returns a coroutine, and the second test awaits it again."""
# name: settings

import asyncio

import pytest


async def load():
    await asyncio.sleep(0)
    return {"size": 3}


@pytest.fixture(scope="module")
def settings():  # LC202
    return load()  # LC202


@pytest.mark.asyncio
async def test_size(settings):
    assert (await settings)["size"] == 3


@pytest.mark.asyncio
async def test_names(settings):
    assert list(await settings) == ["size"]
