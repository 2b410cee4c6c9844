"""The file that has the setting is passed over; by it both tests would be on one loop."""

# name: asyncio_default_test_loop_scope
import asyncio

GATE = asyncio.Semaphore(1)


async def passes():
    async with GATE:
        await asyncio.sleep(0)


async def test_two_pass():
    await asyncio.gather(passes(), passes())


async def test_two_more_pass():
    await asyncio.gather(passes(), passes())
