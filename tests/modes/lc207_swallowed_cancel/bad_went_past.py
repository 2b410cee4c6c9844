"""A step drops the cancellation, and the steps after it are done: a sum tells of it."""

import asyncio

import pytest


async def reserve(log):
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:  # LC207
        log.append("release")


class Saga:
    def __init__(self):
        self.log, self.paid = [], False

    async def run(self):
        await reserve(self.log)
        self.log.append("charge")
        self.paid = True


# name: Saga.run
class TestAborted:
    @pytest.mark.asyncio
    async def test_no_more_than_released(self):
        saga = Saga()
        task = asyncio.create_task(saga.run())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert saga.log == ["release"]

    @pytest.mark.asyncio
    async def test_not_charged(self):
        saga = Saga()
        task = asyncio.create_task(saga.run())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert "charge" not in saga.log

    @pytest.mark.asyncio
    async def test_not_paid(self):
        saga = Saga()
        task = asyncio.create_task(saga.run())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert not saga.paid
