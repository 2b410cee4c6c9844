"""A fake written by hand: its method is a plain `def`."""

import pytest


class FakeClock:
    def now(self):  # LC401
        return 12


class Diary:
    def __init__(self, clock):
        self.clock = clock

    async def entry(self, text):
        return f"{await self.clock.now()}: {text}"


# name: FakeClock.now
@pytest.mark.asyncio
async def test_entry():
    assert await Diary(FakeClock()).entry("lunch") == "12: lunch"
