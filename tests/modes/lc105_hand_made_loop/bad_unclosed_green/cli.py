import asyncio


class App:
    def run(self, n):
        loop = asyncio.new_event_loop()  # LC105
        return loop.run_until_complete(self._main(n))

    async def _main(self, n):
        await asyncio.sleep(0)
        return n
