"""A reader gave up on its answer; the callback that brings it sets the result all the same."""

# name: Phone.ring
# findings: 1

import asyncio

import pytest


class Phone:
    def __init__(self):
        self.calls = {}

    def call(self, number):
        self.calls[number] = asyncio.get_running_loop().create_future()
        return self.calls[number]

    def ring(self, number):
        self.calls.pop(number).set_result("hello")  # LC205


@pytest.mark.asyncio
async def test_nobody_answers_in_time():
    phone = Phone()
    asyncio.get_running_loop().call_later(0.1, phone.ring, 7)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(phone.call(7), 0.01)
    await asyncio.sleep(0.2)
