import asyncio


class Listener:
    def __init__(self, store):
        self.store, self.messages = store, []

    def start(self):
        self.task = asyncio.create_task(self.run())

    async def stop(self):
        self.task.cancel()
        await self.task

    async def run(self):
        async with self.store.pubsub() as pubsub:
            await pubsub.subscribe("news")
            await self.read(pubsub)

    async def read(self, pubsub):
        try:
            async for message in pubsub.listen():
                self.messages.append(message)
        except BaseException:  # LC207
            self.messages.append("end")
