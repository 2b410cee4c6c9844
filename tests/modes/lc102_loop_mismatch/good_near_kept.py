"""Errors of two loops that are kept, but came up in an earlier test, or were asked for."""

import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Jobs:
    def __init__(self):
        self.errors, self.gate = [], asyncio.Event()

    async def wait(self):
        try:
            async with asyncio.timeout(0.01):
                await self.gate.wait()
        except (RuntimeError, TimeoutError) as error:
            self.errors.append(error)

    def count(self):
        return len(self.errors)


jobs = Jobs()


async def test_the_first_loop():
    await jobs.wait()


async def test_the_second_loop():
    await jobs.wait()


async def test_a_number():
    assert jobs.count() == 3


async def test_a_task_that_was_asked():
    task = asyncio.create_task(jobs.gate.wait())
    await asyncio.sleep(0.01)
    assert isinstance(task.exception(), RuntimeError)
    assert jobs.gate.is_set()


async def test_an_expected_one():
    with pytest.raises(RuntimeError) as raised:
        await jobs.gate.wait()
    assert raised.value is None
