"""The call gives up its own, or has never had it, or another one is handed over and closed."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Channel:
    _peer = None

    async def open(self):
        self._peer = "printer"

    async def send(self, line):
        assert self._peer is not None, "the channel is closed"
        await asyncio.sleep(0.01)

    async def shut(self):
        self._peer = None


async def report_late(channel=Channel()):
    await channel.open()
    await channel.shut()
    await asyncio.sleep(0)
    await channel.send("late")


async def report_unopened(channel=Channel()):
    await asyncio.sleep(0)
    await channel.send("unopened")


async def report(channel=Channel()):
    await channel.open()
    await asyncio.sleep(0.02)
    await channel.send("closed")


OURS = Channel()


async def report_ours(channel=OURS):
    await channel.open()
    await asyncio.sleep(0.02)
    await channel.send("ours")


async def test_it_shuts_its_own():
    await report_late()


async def test_it_has_none():
    channel = report_unopened.__defaults__[0]
    await channel.shut()
    await report_unopened()


async def test_one_is_handed_over():
    channel = Channel()
    task = asyncio.create_task(report(channel))
    await asyncio.sleep(0.01)
    await channel.shut()
    await task


async def test_the_project_shuts_its_own():
    task = asyncio.create_task(report_ours())
    await asyncio.sleep(0.01)
    await OURS.shut()
    await task
