"""Each report opens its channel and closes it at the end. All of them have the same channel."""

import asyncio

import pytest


class Channel:
    _peer = None

    async def open(self):
        self._peer = "printer"

    async def send(self, line):
        if self._peer is None:
            raise RuntimeError("the channel is closed")
        await asyncio.sleep(0.01)

    async def shut(self):
        self._peer = None


async def report(*lines, channel=Channel()):  # LC308
    await channel.open()
    try:
        for line in lines:
            await channel.send(line)
    finally:
        await channel.shut()
    return len(lines)


# name: channel
@pytest.mark.asyncio
async def test_two_reports():
    assert await asyncio.gather(report("a"), report("a", "b", "c")) == [1, 3]
