"""A bell in the body of a class, for all its instances: it listens on the first test's loop."""

# name: Ferry.bell.loop
import asyncio

import pytest


class Bell:
    loop = None

    def ring(self):
        self.loop = self.loop or asyncio.get_running_loop()
        self.loop.call_soon(print, "dong")


class Ferry:
    bell = Bell()  # LC101


@pytest.mark.asyncio
async def test_the_ferry_leaves():
    Ferry().bell.ring()


@pytest.mark.asyncio
async def test_the_next_ferry_leaves():
    Ferry().bell.ring()
