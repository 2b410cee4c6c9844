"""A test that makes its own loop, and a channel that is full."""

# options: --loopcheck-hang=1
# name: channel

import asyncio


async def fill(channel):
    for number in range(3):
        await channel.put(number)  # LC203


def test_fill():
    async def main():
        channel = asyncio.Queue(maxsize=2)
        await fill(channel)
        return channel.qsize()

    assert asyncio.run(main()) == 3
