"""A callback asks a cancelled future, and the test has a word of the message for another reason."""

# name: callback
import asyncio

import pytest


class Journal:
    def __init__(self):
        self.states = []

    def follow(self, future):
        def callback(done):
            failed = done.exception() is not None  # LC205
            self.states.append("failed" if failed else "finished")

        future.add_done_callback(callback)


@pytest.mark.asyncio
async def test_a_cancelled_future_is_noted():
    journal = Journal()
    future = asyncio.get_running_loop().create_future()
    journal.follow(future)
    future.cancel()
    await asyncio.sleep(0)
    assert journal.states == ["cancelled"]
