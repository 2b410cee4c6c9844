"""The code gives a copy of its default, which has grown with each call."""

# name: seen
import pytest


async def request(path, seen=[]):  # LC308
    seen.append(path)
    return {"path": path}, list(seen)


@pytest.mark.asyncio
async def test_login():
    answer, seen = await request("/login")
    assert seen == ["/login"]


@pytest.mark.asyncio
async def test_logout():
    answer, seen = await request("/logout")
    assert seen == ["/logout"]
