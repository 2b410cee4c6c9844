"""A thread asks a loop that runs, be it the test's own: it is answered, and a number is wrong."""

# options: --loopcheck-hang=2
import asyncio

import pytest
import pytest_asyncio


class Bridge:
    def __init__(self, loop):
        self.loop = loop

    def call(self, coro):
        return asyncio.run_coroutine_threadsafe(coro, self.loop).result()


async def compute():
    await asyncio.sleep(0)
    return 1


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bridge():
    return Bridge(asyncio.get_running_loop())


@pytest.mark.asyncio(loop_scope="module")
async def test_on_the_same_loop(bridge):
    assert await asyncio.to_thread(bridge.call, compute()) == 2


@pytest.mark.asyncio
async def test_a_loop_of_its_own(bridge):
    own = Bridge(asyncio.get_running_loop())
    assert await asyncio.to_thread(own.call, compute()) == 2
