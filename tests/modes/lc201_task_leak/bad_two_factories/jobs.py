import asyncio

tasks = []


async def start_all(makers):
    for make in makers:
        tasks.append(asyncio.create_task(make()))


async def start_one(coro):
    tasks.append(asyncio.ensure_future(coro))
