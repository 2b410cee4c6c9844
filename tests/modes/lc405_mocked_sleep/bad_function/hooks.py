import asyncio


class Retrier:
    async def pause(self):
        await asyncio.sleep(30)

    async def deliver(self, send):
        while not await send():
            await self.pause()
