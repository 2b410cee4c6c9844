"""One loop for all tests, auto mode: only the test that hangs is ended."""

# options: --loopcheck-hang=1
# name: seats

import asyncio

import pytest_asyncio


@pytest_asyncio.fixture(scope="session")
async def seats():
    return asyncio.Semaphore(1)


async def sit(seats):
    await seats.acquire()  # LC203


async def test_one_sits(seats):
    await sit(seats)
    assert seats.locked()


async def test_another_sits(seats):
    await sit(seats)


async def test_stands(seats):
    await asyncio.sleep(0.01)
    assert seats.locked()
