"""A program that ends: `asyncio.run` cancels its background work, as it says it does."""

import asyncio


async def flush():
    await asyncio.sleep(3600)


async def main():
    asyncio.create_task(flush())
    await asyncio.sleep(0)
    return "done"


def test_main():
    assert asyncio.run(main()) == "done"
