"""An override, a task that was ended on purpose, and one that nobody asks whether it is done."""

import asyncio

import pytest

tasks = {}


@pytest.fixture(scope="session")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.mark.asyncio
async def test_it_ends():
    tasks["tick"] = asyncio.create_task(asyncio.sleep(3), name="tick")
    await asyncio.sleep(0)
    tasks["tick"].cancel()
    await asyncio.gather(tasks["tick"], return_exceptions=True)


@pytest.mark.asyncio
async def test_it_goes_on():
    assert not tasks["tick"].done()


@pytest.mark.asyncio
async def test_its_name():
    assert tasks["tick"].get_name() == "tock"


@pytest.mark.asyncio
async def test_it_is_told_to_end():
    tasks["tock"] = asyncio.create_task(asyncio.sleep(3))
    await asyncio.sleep(0)
    tasks["tock"].cancel()


@pytest.mark.asyncio
async def test_it_did_not_end():
    assert not tasks["tock"].done()


def test_that_requests_it(event_loop):
    assert not event_loop.is_running()
