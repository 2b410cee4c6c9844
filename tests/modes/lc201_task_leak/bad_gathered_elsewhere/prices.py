import asyncio

latest = {}


async def refresh(every):
    latest["apple"] = 1
    await asyncio.sleep(every)


async def warm():
    await asyncio.gather(refresh(0), refresh(0))
