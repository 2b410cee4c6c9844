"""Wrong asserts beside a task that is to make another constant of it than the line asks for."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Match:
    def __init__(self):
        self.over, self.state = False, "open"

    async def end(self):
        await asyncio.sleep(0.3)
        self.over = True
        self.state = "ended"


@pytest.fixture
def match():
    return Match()


async def test_state(match):
    task = asyncio.create_task(match.end())
    await asyncio.sleep(0)
    assert match.state == "opened", task


async def test_over(match):
    task = asyncio.create_task(match.end())
    await asyncio.sleep(0)
    assert match.over is None, task


async def test_item():
    state = {"phase": "new"}

    async def end():
        state["phase"] = "runing"
        await asyncio.sleep(0.3)
        state["phase"] = "ended"

    task = asyncio.create_task(end())
    await asyncio.sleep(0)
    assert state["phase"] == "running", task
