"""The default of a parameter is made once, with the function, and each call adds to it."""

import pytest

pytestmark = pytest.mark.asyncio


async def enqueue(job, tags=[]):  # LC308
    tags.append(job)
    return tags


# name: tags


async def test_one():
    assert await enqueue("a") == ["a"]


async def test_another():
    assert await enqueue("b") == ["b"]
