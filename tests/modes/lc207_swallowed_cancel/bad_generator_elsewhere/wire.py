"""The connection of a session, and the events that come in."""

import asyncio


class Wire:
    def __init__(self):
        self.arrived = asyncio.Event()

    async def events(self):
        while True:
            try:
                await self.arrived.wait()
            except BaseException:  # LC207
                return
            yield "event"


class Session:
    def __init__(self):
        self._wire = Wire()

    @property
    def wire(self):
        return self._wire

    async def events(self):
        received = self.wire.events()
        async for one in received:
            yield one.upper()
