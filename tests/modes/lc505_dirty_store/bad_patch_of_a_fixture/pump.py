import asyncio


async def fill(tank, litres):
    for _ in range(litres):
        await asyncio.sleep(0)
        tank.append("litre")
    return len(tank)


async def fill_all(tanks):
    return [await fill(tank, 2) for tank in tanks]
