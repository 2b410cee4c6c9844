import asyncio


async def map_all(function, items):
    return await asyncio.gather(*(function(item) for item in items))
