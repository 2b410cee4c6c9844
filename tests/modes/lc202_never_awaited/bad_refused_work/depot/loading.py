"""A depot that starts what it gets, unless it is closed."""

import asyncio


class DepotClosed(Exception):
    pass


class Depot:
    def __init__(self):
        self.open = True
        self.loads = []

    async def load(self, truck, work):
        if not self.open:
            raise DepotClosed(truck)  # LC202
        task = asyncio.create_task(work)
        self.loads.append(task)
        return task
