import asyncio


class Bot:
    async def connect(self):
        self.inbox = asyncio.Queue()
        self.task = asyncio.create_task(self._serve())
        await asyncio.sleep(0)

    async def _serve(self):
        while True:
            answer, text = await self.inbox.get()
            answer.set_result(text[::-1])

    async def ask(self, text):
        answer = asyncio.get_running_loop().create_future()
        await self.inbox.put((answer, text))
        async with asyncio.timeout(0.2):
            return await answer
