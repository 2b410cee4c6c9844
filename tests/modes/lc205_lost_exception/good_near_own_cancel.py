"""Somebody else cancels the caller, or the group has failed of nothing, or takes its own back."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Crew:
    def __init__(self):
        self.caller, self.stopping, self.errors = asyncio.current_task(), False, []

    async def __aenter__(self):
        return self

    def send(self, work):
        asyncio.ensure_future(work).add_done_callback(self._done)

    def _done(self, task):
        if task.exception() is not None:
            self.errors.append(task.exception())
            if self.caller.cancelling() == 0:
                self.stop()

    def stop(self):
        self.stopping = True
        self.caller.cancel()

    async def __aexit__(self, kind, error, trace):
        if self.stopping and self.errors:
            self.caller.uncancel()
            raise self.errors[0]


async def climb(seconds):
    await asyncio.sleep(seconds)
    raise OSError("no rope")


async def test_the_leader_gives_up():
    asyncio.get_running_loop().call_later(0.01, asyncio.current_task().cancel)
    with pytest.raises(OSError):
        async with Crew() as crew:
            crew.send(climb(0.02))
            try:
                await asyncio.sleep(3600)
            finally:
                await asyncio.sleep(0.03)


async def test_the_crew_is_stopped():
    with pytest.raises(OSError):
        async with Crew() as crew:
            crew.stop()
            await asyncio.sleep(3600)


async def test_a_climb_fails_before():
    with pytest.raises(OSError):
        async with Crew() as crew:
            crew.send(climb(0))
            await asyncio.sleep(3600)
    asyncio.current_task().cancel()
    await asyncio.sleep(0)
