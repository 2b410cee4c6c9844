"""Polls that end without, beside wide fixtures whose tasks have no part in it."""

import asyncio
import time

import pytest
import pytest_asyncio


class Service:
    def __init__(self):
        self.ready, self.beats, self.rows, self.queue = True, 0, [], asyncio.Queue()

    async def beat(self):
        while True:
            await asyncio.sleep(0.005)
            self.ready = True
            self.beats += 1

    async def serve(self):
        while True:
            self.rows.append(await self.queue.get())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service():
    service = Service()
    tasks = [asyncio.create_task(service.beat()), asyncio.create_task(service.serve())]
    await asyncio.sleep(0)
    time.sleep(0.02)  # the time that `beat` slept for is over as its loop stops
    yield service
    for task in tasks:
        task.cancel()


async def eventually(check):
    for _ in range(10):
        if check():
            return True
        await asyncio.sleep(0.005)
    raise AssertionError("never happened")


@pytest.mark.asyncio
async def test_what_the_test_itself_was_to_bring(service):
    box = []
    async with asyncio.timeout(0.05):
        while not box:
            await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_what_nobody_was_given(service):
    await eventually(lambda: service.rows == [1])


@pytest.mark.asyncio
async def test_a_name_that_nobody_changes(service):
    assert await eventually(lambda: service.queue.qsize() == 1)


@pytest.mark.asyncio
async def test_a_sum_after_a_poll_that_found_it(service):
    while not service.ready:
        await asyncio.sleep(0.005)
    await asyncio.sleep(0.02)
    assert len(service.rows) + 3 + 4 == 12


@pytest.mark.asyncio(loop_scope="session")
async def test_on_the_services_own_loop(service):
    await eventually(lambda: service.beats > 10_000)


@pytest.mark.asyncio
async def test_a_sum(service):
    await asyncio.sleep(0.02)
    assert 3 + 4 == 12
