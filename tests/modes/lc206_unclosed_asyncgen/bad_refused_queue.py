"""The desks are in a queue that is empty until the clean-up of the generator runs."""

# name: Hall.calls

import asyncio

import pytest


class Hall:
    def __init__(self, desks):
        self.desks = asyncio.Queue()
        for desk in desks:
            self.desks.put_nowait(desk)

    async def calls(self, visitors):
        desk = self.desks.get_nowait()
        try:
            for visitor in visitors:
                yield f"{visitor} to {desk}"
        finally:
            self.desks.put_nowait(desk)

    async def call(self, visitor):
        async for said in self.calls([visitor, "nobody"]):  # LC206
            return said


@pytest.mark.asyncio
async def test_one_after_the_other():
    hall = Hall(["desk 1"])
    assert await hall.call("Ada") == "Ada to desk 1"
    assert await hall.call("Bob") == "Bob to desk 1"
