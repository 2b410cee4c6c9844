"""A thread asks the fixture's loop for an answer, and the test waits for the thread."""

# options: --loopcheck-hang=1
# name: bridge
import asyncio

import pytest
import pytest_asyncio


class Bridge:
    """Runs coroutines for synchronous code, on the loop that it was made on."""

    def __init__(self, loop):
        self.loop = loop

    def call(self, coro):
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result()


async def compute():
    await asyncio.sleep(0)
    return 1


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def numbers():
    return [1, 2]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bridge():  # LC106
    return Bridge(asyncio.get_running_loop())


@pytest.mark.asyncio
async def test_call(numbers, bridge):
    assert await asyncio.to_thread(bridge.call, compute()) in numbers


def test_the_run_goes_on():
    assert True
