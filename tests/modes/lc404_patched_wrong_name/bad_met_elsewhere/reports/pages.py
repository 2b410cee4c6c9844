from asyncio import sleep  # LC404

from reports import clock


async def make(count):
    pages = []
    for number in range(count):
        await sleep(0.01)
        pages.append(number)
    await clock.pause(0.01)
    return pages
