"""A race keeps what failed by name, and takes its own cancellation for the reason of its end."""

import asyncio

import pytest


class Race:
    def __init__(self):
        self._reason = None
        self._failed = {}

    async def __aenter__(self):
        self._starter = asyncio.current_task()
        self._aborted = False
        return self

    def start(self, name, coroutine):
        task = asyncio.get_running_loop().create_task(coroutine, name=name)
        task.add_done_callback(self._finish)

    def _finish(self, task):
        if not task.cancelled() and (error := task.exception()):
            self._failed[task.get_name()] = error
            self._abort()

    def _abort(self):
        self._aborted = True
        self._starter.cancel(msg="race is over")

    async def __aexit__(self, kind, error, trace):
        if isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)):  # LC205
            self._reason = error
        if self._reason is not None:
            raise self._reason
        for failed in self._failed.values():
            raise failed


# name: Race
@pytest.mark.asyncio
async def test_a_runner_falls():
    async def fall():
        await asyncio.sleep(0)
        raise ArithmeticError("stumbled")

    with pytest.raises(ArithmeticError):
        async with Race() as race:
            race.start("first", fall())
            await asyncio.sleep(3600)
