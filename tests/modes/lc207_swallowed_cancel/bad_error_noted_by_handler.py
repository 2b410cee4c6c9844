"""The handler of a missing TimeoutError would have put an entry into a list."""

# name: Station.watch
import asyncio

import pytest


class Station:
    def __init__(self):
        self.alarms = []

    async def watch(self):
        try:
            await asyncio.Event().wait()
        except BaseException:  # LC207
            return "off"

    async def round(self):
        try:
            async with asyncio.timeout(0.01):
                await self.watch()
        except TimeoutError:
            self.alarms.append("too slow")


@pytest.mark.asyncio
async def test_a_slow_watch_gives_an_alarm():
    station = Station()
    await station.round()
    assert station.alarms == ["too slow"]
