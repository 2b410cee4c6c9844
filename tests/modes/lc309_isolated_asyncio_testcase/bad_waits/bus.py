import asyncio


class Bus:
    def __init__(self):
        self.inbox = asyncio.Queue(maxsize=1)
        self.heard = []

    async def start(self):
        self.task = asyncio.create_task(self.run())

    async def run(self):
        while True:
            self.heard.append(await self.inbox.get())
            self.inbox.task_done()

    async def say(self, words):
        await self.inbox.put(words)
        await asyncio.wait_for(self.inbox.join(), 0.2)
