import asyncio


class Signal:
    def __init__(self):
        self.queues = []

    def set(self, value):
        for queue in self.queues:
            queue.put_nowait(value)


async def values_of(signal):
    queue = asyncio.Queue()
    signal.queues.append(queue)
    while True:  # LC204
        yield await queue.get()
