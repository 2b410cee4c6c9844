import asyncio


class Batches:
    def __init__(self, load, loop=None):
        self.load = load
        self.loop = loop or asyncio.get_event_loop()  # LC102
        self.waiting = []

    def get(self, key):
        future = self.loop.create_future()
        self.waiting.append((key, future))
        return future

    def send(self):
        for key, future in self.waiting:
            future.set_result(self.load(key))
        self.waiting.clear()
