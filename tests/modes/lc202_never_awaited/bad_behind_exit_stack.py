# name: Booth.next_ticket
"""A wrapper raises its own error from the one that shows the coroutine, in a task of its own."""

import asyncio
from contextlib import AsyncExitStack

import pytest


class VisitFailed(Exception):
    pass


class Booth:
    def __init__(self, tickets):
        self.tickets = list(tickets)

    async def next_ticket(self):
        return self.tickets.pop(0)


class Visit:
    """Runs a guide for as long as the block lasts."""

    def __init__(self, guide):
        self.guide, self.error = guide, None
        self.left, self.stack = asyncio.Event(), AsyncExitStack()

    async def walk(self):
        try:
            await self.guide()
        except Exception as error:
            self.error = error
            self.left.set()
            raise VisitFailed("the guide gave up") from error

    async def __aenter__(self):
        walk = asyncio.create_task(self.walk())
        self.stack.push_async_callback(asyncio.wait_for, walk, 5)
        try:
            await self.left.wait()
            if self.error is not None:
                raise self.error
            return self
        except BaseException:
            await self.stack.aclose()  # which takes what it handles here out of the new error
            raise

    async def __aexit__(self, *_):
        await self.stack.aclose()


@pytest.mark.asyncio
async def test_the_guide_shows_the_first_room():
    booth, seen = Booth([{"room": "hall"}]), []

    async def guide():
        ticket = booth.next_ticket()  # LC202
        seen.append(ticket["room"])
        visit.left.set()

    visit = Visit(guide)
    async with visit:
        pass
    assert seen == ["hall"]
