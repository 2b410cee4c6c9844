import asyncio
from functools import partial


class Bus:
    def __init__(self):
        self._handlers = {}

    def subscribe(self, topic, handler):
        self._handlers.setdefault(topic, []).append(handler)

    def publish(self, topic, **data):
        for handler in self._handlers.get(topic, ()):
            handler(**data)  # LC202

    def publish_soon(self, topic, **data):
        loop = asyncio.get_running_loop()
        for handler in self._handlers.get(topic, ()):
            loop.call_soon(partial(handler, **data))  # LC202
