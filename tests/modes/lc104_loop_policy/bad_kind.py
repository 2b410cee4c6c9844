"""The test sets a policy, and finds itself on the loop that it had."""

import asyncio

import pytest


class Quick(asyncio.SelectorEventLoop):
    pass


class QuickPolicy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Quick


@pytest.fixture(scope="session")
def quick_loops():
    asyncio.set_event_loop_policy(QuickPolicy())  # LC104


# name: asyncio.set_event_loop_policy
@pytest.mark.asyncio
async def test_runs_on_quick(quick_loops):
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Quick)
