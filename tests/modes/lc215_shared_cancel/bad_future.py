"""Callers wait for one future. The end of one of them cancels it, and it can't get its result."""

# findings: 3
# name: self._waiting[number] | self.opened | self.paid
import asyncio

import anyio
import pytest

pytestmark = pytest.mark.asyncio


class Inbox:
    def __init__(self):
        self._waiting = {}

    def arrived(self, number, text):
        self._waiting.pop(number).set_result(text)

    async def reply(self, number):
        if number not in self._waiting:
            self._waiting[number] = asyncio.get_running_loop().create_future()
        return await self._waiting[number]  # LC215


async def test_a_reply_that_comes_late():
    inbox = Inbox()
    with anyio.move_on_after(0.01):
        await inbox.reply(7)
    inbox.arrived(7, "yes")


class Latch:
    def __init__(self):
        self.opened = asyncio.get_running_loop().create_future()

    def open(self):
        if not self.opened.done():
            self.opened.set_result(None)

    async def wait(self):
        await self.opened  # LC215


async def test_the_latch_opens_for_both():
    latch = Latch()
    done, pending = await asyncio.wait([asyncio.create_task(latch.wait())], timeout=0.01)
    assert not done
    for one in pending:
        one.cancel()
    asyncio.get_running_loop().call_soon(latch.open)
    await asyncio.sleep(0)
    await latch.wait()


class Ticket:
    def __init__(self):
        self.paid = asyncio.get_running_loop().create_future()

    async def valid(self, patience):
        async with asyncio.timeout(patience):
            return await self.paid  # LC215

    def pay(self, price):
        self.paid.set_result(price)


async def test_a_ticket_that_is_paid_late():
    ticket = Ticket()
    with pytest.raises(TimeoutError):
        await ticket.valid(0.01)
    ticket.pay(3)
    assert await ticket.valid(5) == 3
