"""The test gives the kind of its loop a name, and asserts about that."""

import asyncio

import pytest


class Quick(asyncio.SelectorEventLoop):
    pass


class QuickPolicy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Quick


@pytest.fixture(autouse=True)
def quick_loops():
    asyncio.set_event_loop_policy(QuickPolicy())  # LC104


# name: asyncio.set_event_loop_policy
@pytest.mark.asyncio
async def test_runs_on_quick():
    kind = type(asyncio.get_running_loop()).__name__
    assert kind == "Quick"
