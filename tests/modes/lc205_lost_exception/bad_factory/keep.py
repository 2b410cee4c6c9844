import asyncio


class Keeper:
    def __init__(self):
        self.children = {}

    def spawn(self, name, factory):
        task = asyncio.create_task(factory(), name=name)  # LC205
        self.children[name] = task

    async def stop(self):
        for task in self.children.values():
            task.cancel()
        await asyncio.gather(*self.children.values(), return_exceptions=True)
