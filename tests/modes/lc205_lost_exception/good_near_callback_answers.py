"""Callbacks that look whether anybody still waits, or handle that nobody does."""

import asyncio
import contextlib

import pytest


class Phone:
    def __init__(self):
        self.calls = {}

    def call(self, number):
        self.calls[number] = asyncio.get_running_loop().create_future()
        return self.calls[number]

    def ring(self, number):
        call = self.calls.pop(number)
        if not call.done():
            call.set_result("hello")

    def ring_anyway(self, number):
        with contextlib.suppress(asyncio.InvalidStateError):
            self.calls.pop(number).set_result("hello")


@pytest.mark.asyncio
@pytest.mark.parametrize("ring", [Phone.ring, Phone.ring_anyway])
async def test_nobody_answers_in_time(ring):
    phone = Phone()
    asyncio.get_running_loop().call_later(0.1, ring, phone, 7)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(phone.call(7), 0.01)
    await asyncio.sleep(0.2)
