"""A limit is lost where its error would be ignored, and the assertion fails for another reason."""

# other: LC207
import asyncio

import pytest


class Station:
    def __init__(self):
        self.alarms, self.rounds = [], 0

    async def watch(self):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return "off"

    async def round(self):
        try:
            async with asyncio.timeout(0.01):
                await self.watch()
        except TimeoutError:
            self.alarms.append("too slow")


@pytest.mark.asyncio
async def test_a_round_is_counted():
    station = Station()
    await station.round()
    assert station.rounds == 1
