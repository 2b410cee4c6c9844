"""The bus itself: topics, subscriptions, start and stop."""

import asyncio
from collections import defaultdict

from bus.worker import work


class Bus:
    def __init__(self, limit=30):
        self.limit = limit  # seconds that a handler may take for an event
        self.queue = asyncio.Queue()
        self.handlers = defaultdict(list)
        self.leases = set()
        self.failed = []

    def start(self):
        self.worker = asyncio.create_task(work(self))

    def subscribe(self, topic, handler, lease=None):
        """Give the events of *topic* to *handler*, for *lease* seconds if there is one."""
        self.handlers[topic].append(handler)
        if lease is not None:
            task = asyncio.create_task(self._expire(topic, handler, lease))
            self.leases.add(task)
            task.add_done_callback(self.leases.discard)

    async def _expire(self, topic, handler, lease):
        await asyncio.sleep(lease)
        self.handlers[topic].remove(handler)

    def publish(self, topic, event):
        self.queue.put_nowait((topic, event))

    async def drain(self):
        """Wait until the worker is through with all that was published."""
        await self.queue.join()

    async def stop(self):
        """Say goodbye, deliver what is queued, and end what still runs."""
        if self.worker.done():
            return
        self.publish("bus.closing", None)
        await self.drain()
        running = [self.worker, *self.leases]
        for task in running:
            task.cancel()
        await asyncio.wait(running)
