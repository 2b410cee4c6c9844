"""A class keeps, for all that listen, the loop of who came first."""

# name: Pin._watchers[0][0] | Pin._watchers[0][1]
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Pin:
    _watchers = []

    @classmethod
    def watch(cls, callback):
        cls._watchers.append((asyncio.get_running_loop(), callback))  # LC101

    @classmethod
    def press(cls):
        for loop, callback in cls._watchers:
            loop.call_soon_threadsafe(callback)


async def rings():
    rung = asyncio.Event()
    Pin.watch(rung.set)
    Pin.press()
    return await asyncio.wait_for(rung.wait(), 1)


async def test_front_door():
    assert await rings()


async def test_back_door():
    assert await rings()
