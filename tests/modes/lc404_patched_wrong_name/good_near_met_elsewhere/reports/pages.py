import asyncio
from asyncio import sleep

from reports import clock


async def make(count):
    pages = []
    for number in range(count):
        await asyncio.sleep(0.01)
        pages.append(number)
    await clock.pause(0.01)
    return pages


async def rest():
    await sleep(0.01)


async def some(count):
    await asyncio.sleep(0.01)
    for _ in range(count):
        await sleep(0.01)
