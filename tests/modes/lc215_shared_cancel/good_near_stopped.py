"""Cancelled waits that nobody shared: the end of a service, a caller's own, the task's own."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Service:
    def __init__(self, work):
        self._task = asyncio.create_task(work())

    async def finished(self):
        return await self._task

    def stop(self):
        self._task.cancel()


async def test_it_is_stopped():  # fails: the service has been stopped
    service = Service(lambda: asyncio.sleep(60))
    await asyncio.sleep(0)
    service.stop()
    await service.finished()


async def test_a_caller_is_cancelled():  # fails: by its own line
    service = Service(lambda: asyncio.sleep(60))
    caller = asyncio.create_task(service.finished())
    await asyncio.sleep(0)
    caller.cancel()
    await caller


async def test_its_work_gives_up():  # fails: the work itself raises the error
    async def work():
        raise asyncio.CancelledError("gave up")

    await Service(work).finished()


async def test_a_limit_of_its_own():  # fails: the work takes longer
    service = Service(lambda: asyncio.sleep(60))
    await asyncio.wait_for(service.finished(), 0.01)


async def test_two_services():  # fails: the second one has been stopped, the first one ran out
    first, second = Service(lambda: asyncio.sleep(60)), Service(lambda: asyncio.sleep(60))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(first.finished(), 0.01)
    second.stop()
    await second.finished()
