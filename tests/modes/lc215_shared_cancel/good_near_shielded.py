"""Shared tasks that go on without a caller, and fail for a reason of their own."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Report:
    def __init__(self, work):
        self.task = asyncio.create_task(work())

    async def text(self):
        return await asyncio.shield(self.task)


async def never():
    await asyncio.Event().wait()


async def test_its_own_limit():  # fails: the work has one of its own
    async def work():
        async with asyncio.timeout(0.02):
            await never()

    report = Report(work)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(report.text(), 0.01)
    await report.text()


async def test_it_is_cancelled_by_the_test():  # fails: by its own line
    report = Report(never)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(report.text(), 0.01)
    report.task.cancel()
    await report.text()


async def test_a_result_that_comes_twice():  # fails: the future has its result
    future = asyncio.get_running_loop().create_future()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(asyncio.shield(future), 0.01)
    future.set_result(1)
    future.set_result(2)
    await future
