"""The belt takes a cancellation for its own halt, and the results show another error."""

import asyncio

import pytest


class Belt:
    state = "running"

    async def run(self):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self.state != "halted":
                raise
            raise RuntimeError("the belt stands still")

    def start(self):
        self.task = asyncio.ensure_future(self.run())

    def halt(self):
        self.task.cancel()  # LC207
        self.state = "halted"


# name: Belt.run
@pytest.mark.asyncio
async def test_a_belt_is_cancelled():
    belt = Belt()
    belt.start()
    await asyncio.sleep(0)
    belt.task.cancel()
    belt.halt()
    results = await asyncio.gather(belt.task, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
