"""`wait_for` around a call that has a limit of its own inside."""

import asyncio

import pytest


class NoAnswer(Exception):
    pass


class Desk:
    def __init__(self, clerk):
        self.clerk = clerk

    async def ask(self, question):
        return await asyncio.wait_for(self.clerk(question), 0.02)


async def phone(desk, question):
    try:
        return await asyncio.wait_for(desk.ask(question), 5)
    except asyncio.TimeoutError:  # LC213
        raise NoAnswer("nobody picked up for 5 s")


async def thinks(question):
    await asyncio.sleep(10)


# name: asyncio.wait_for(self.clerk(question), 0.02)
@pytest.mark.asyncio
async def test_a_clerk_who_thinks():
    assert await phone(Desk(thinks), "when?") == "at nine"
