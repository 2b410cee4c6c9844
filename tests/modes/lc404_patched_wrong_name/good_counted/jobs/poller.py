import asyncio

from jobs.settings import ATTEMPTS, PAUSE


class GaveUp(Exception):
    pass


async def poll(check):
    for _ in range(ATTEMPTS):
        if await check():
            return
        await asyncio.sleep(PAUSE)
    raise GaveUp
