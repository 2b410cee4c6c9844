"""Names and values that are no longer there; plain unittest, too."""

# name: all_tasks | coroutines | execute | create_redis_pool
# findings: 4

import asyncio
import unittest

import pytest
import redis.asyncio as aioredis
import sqlalchemy


def test_lists_tasks():
    asyncio.Task.all_tasks()  # LC407


@pytest.mark.asyncio
async def test_waits_for_both():
    await asyncio.wait({asyncio.sleep(0), asyncio.sleep(0)})  # LC407


class PoolTest(unittest.IsolatedAsyncioTestCase):
    async def test_pool(self):
        await aioredis.create_redis_pool("redis://127.0.0.1:1")  # LC407


def test_selects():
    engine = sqlalchemy.create_engine("sqlite://")
    engine.execute(sqlalchemy.text("select 1"))  # LC407
