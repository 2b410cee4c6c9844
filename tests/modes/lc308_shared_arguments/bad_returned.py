"""What the code returns is the global itself, which an earlier test has added to."""

import pytest

pytestmark = pytest.mark.asyncio
HEADERS = {"auth": "t"}  # LC308
# name: HEADERS


async def build(headers=HEADERS, **more):
    headers.update(more)
    return headers


async def test_more():
    assert (await build(trace="1"))["trace"] == "1"


async def test_plain():
    assert await build() == {"auth": "t"}
