# name: service.ready
import asyncio


class Service:
    def __init__(self):
        self.loop = asyncio.new_event_loop()  # LC105
        self.ready = self.loop.create_future()

    def start(self):
        self.loop.call_soon(self.ready.set_result, True)
