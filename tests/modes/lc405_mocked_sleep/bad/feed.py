import asyncio


class Feed:
    def __init__(self):
        self.prices = []
        self.arrived = asyncio.Event()

    async def poll(self):
        while True:
            self.prices.append(len(self.prices))
            await asyncio.sleep(60)
