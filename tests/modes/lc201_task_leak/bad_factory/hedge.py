import asyncio


async def hedged(factories, delay=0.02):
    """Return the answer that comes first."""
    tasks = []
    for make in factories:
        tasks.append(asyncio.create_task(make()))  # LC201
        done, _ = await asyncio.wait(tasks, timeout=delay, return_when=asyncio.FIRST_COMPLETED)
        if done:
            return done.pop().result()
    for first in asyncio.as_completed(tasks):
        return await first
