import asyncio

from prices import refresh

running = set()


async def open_shop():
    running.add(asyncio.create_task(refresh(30)))  # LC201
