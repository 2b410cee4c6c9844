"""A crew cancels its caller when one of it fails, and lets that cancellation end the block."""

import asyncio

import pytest


class Crew:
    async def __aenter__(self):
        self.caller, self.stopping, self.errors = asyncio.current_task(), False, []
        return self

    def send(self, work):
        asyncio.ensure_future(work).add_done_callback(self._done)

    def _done(self, task):
        if task.exception() is not None:
            self.errors.append(task.exception())
            self.stopping = True
            self.caller.cancel()

    async def __aexit__(self, kind, error, trace):  # LC205
        if kind is None and self.errors:
            raise self.errors[0]


async def climb():
    raise OSError("no rope")


# name: Crew
@pytest.mark.asyncio
async def test_a_climb_fails():
    with pytest.raises(OSError):
        async with Crew() as crew:
            crew.send(climb())
            await asyncio.sleep(3600)
