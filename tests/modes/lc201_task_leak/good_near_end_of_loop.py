"""These tasks do their work when their loop ends: nothing else is to wake them."""

import asyncio
import math

import anyio
import pytest

pytestmark = pytest.mark.asyncio


class Workers:
    def __init__(self):
        self.names = {"a", "b"}
        self.task = asyncio.create_task(self.end_at_exit())

    async def end_at_exit(self):
        try:
            await asyncio.sleep(math.inf)
        except asyncio.CancelledError:
            self.names.clear()


async def flush_at_exit(lines):
    try:
        await asyncio.Event().wait()
    finally:
        lines.clear()


async def unlink_at_exit(names):
    try:
        await asyncio.get_running_loop().create_future()
    except BaseException:
        names.clear()
        raise


async def close_at_exit(pool):
    closed: list[str]
    try:
        await anyio.sleep_forever()
    finally:
        closed = list(pool)
        pool.clear()
        assert closed


async def test_workers():
    assert len(Workers().names) == 2
    await asyncio.sleep(0)


async def test_lines():
    lines = ["one"]
    task = asyncio.create_task(flush_at_exit(lines))
    await asyncio.sleep(0)
    assert lines and not task.done()


async def test_names():
    names = ["one"]
    task = asyncio.create_task(unlink_at_exit(names))
    await asyncio.sleep(0)
    assert names and not task.done()


async def test_pool():
    pool = ["connection"]
    task = asyncio.create_task(close_at_exit(pool))
    await asyncio.sleep(0)
    assert pool and not task.done()
