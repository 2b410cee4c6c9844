"""Reads lines, as long as there are some."""

import asyncio
from contextlib import suppress


class Lines:
    def __init__(self):
        self.queue = asyncio.Queue()

    async def all(self):
        with suppress(asyncio.CancelledError):  # LC207
            while line := await self.queue.get():
                yield line
