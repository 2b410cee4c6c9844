import asyncio

from background import spawn


class Gauge:
    def __init__(self):
        self.values, self.task = [], None

    async def start(self):
        self.task = spawn(self._read())

    async def stop(self):
        self.task.cancel()
        await asyncio.wait([self.task])

    async def _read(self):
        while True:
            self.values.append(7)
            await asyncio.sleep(30)
