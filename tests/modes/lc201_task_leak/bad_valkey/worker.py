import asyncio


class Worker:
    def __init__(self, store):
        self.store, self.done = store, []
        self.task = asyncio.create_task(self.listen())  # LC201

    async def listen(self):
        while True:
            _, job = await self.store.blpop("jobs")
            self.done.append(job)
