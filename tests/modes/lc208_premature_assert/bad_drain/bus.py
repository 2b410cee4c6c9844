import asyncio


class Bus:
    def __init__(self):
        self.listeners, self._running = [], set()

    def publish(self, event):
        for listener in self.listeners:
            task = asyncio.create_task(listener(event))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def drain(self):
        """Wait until all listeners are done."""
        while self._running:
            await asyncio.gather(*self._running)

    async def close(self):
        self.listeners.clear()
        await asyncio.gather(*self._running)
