import asyncio


class Feed:
    def __init__(self):
        self.stopped = False
        self._loop = None

    async def run(self, rounds):
        self._loop = asyncio.get_running_loop()  # LC101
        for _ in range(rounds):
            await asyncio.sleep(0)

    def stop(self):
        self.stopped = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(print, "stopped")
