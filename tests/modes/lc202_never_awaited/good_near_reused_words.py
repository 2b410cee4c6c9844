"""The project's own error has the words of Python's, and no coroutine is awaited twice."""

import asyncio

import pytest


class Ticket:
    def __init__(self):
        self.used = False

    async def stamp(self):
        await asyncio.sleep(0)
        if self.used:
            raise RuntimeError("cannot reuse already awaited coroutine")
        self.used = True


@pytest.mark.asyncio
async def test_two_rides():
    ticket = Ticket()
    await ticket.stamp()
    await ticket.stamp()
