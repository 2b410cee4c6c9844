"""The worker: one task that hands the events out."""

import asyncio

from bus.retry import deliver


async def work(bus):
    """Give each event to those who asked for its topic, and note who failed."""
    while True:
        topic, event = await bus.queue.get()
        for handler in list(bus.handlers[topic]):
            try:
                async with asyncio.timeout(bus.limit):
                    asyncio.create_task(deliver(handler, event))
            except Exception as error:
                bus.failed.append(error)
        bus.queue.task_done()
