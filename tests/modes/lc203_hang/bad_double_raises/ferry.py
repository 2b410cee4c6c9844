import asyncio


class Ferry:
    """Calls its crew again and again, and tells when a crossing has been made."""

    def __init__(self, cross, log):
        self.cross, self.log, self.arrived = cross, log, asyncio.Event()

    async def shuttle(self):
        while not self.arrived.is_set():
            if await self.cross():  # LC203
                self.arrived.set()

    async def note(self, lines):
        for line in lines:
            self.log(line)  # LC203
        self.arrived.set()
