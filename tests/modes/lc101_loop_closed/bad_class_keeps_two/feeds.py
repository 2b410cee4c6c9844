import asyncio


class Feed:
    def __init__(self):
        self.stopped = False
        self.loop = None

    async def run(self):
        self.loop = asyncio.get_running_loop()
        await asyncio.sleep(0)

    async def resume(self):
        self.loop = asyncio.get_running_loop()
        await asyncio.sleep(0)

    def stop(self):
        self.stopped = True
        self.loop.call_soon_threadsafe(print, "stopped")
