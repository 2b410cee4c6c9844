"""A bell that a class keeps for all its instances: it listens on the loop of the first test."""

# name: Ferry.bell.loop
import asyncio

import pytest


class Bell:
    def __init__(self):
        self.loop = asyncio.get_running_loop()

    def ring(self):
        self.loop.call_soon_threadsafe(print, "dong")


class Ferry:
    bell = None

    async def leave(self):
        Ferry.bell = Ferry.bell or Bell()  # LC101
        await asyncio.to_thread(self.bell.ring)


@pytest.mark.asyncio
async def test_the_ferry_leaves():
    await Ferry().leave()


@pytest.mark.asyncio
async def test_the_next_ferry_leaves():
    await Ferry().leave()
