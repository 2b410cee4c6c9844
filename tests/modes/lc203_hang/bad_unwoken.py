"""A thread sets a future's result by itself: the loop sleeps on, and whatever wakes it hides it."""

# options: --loopcheck-hang=1
# name: future
import asyncio
import threading

import pytest


class Scale:
    """Weighs in a thread of its own."""

    def __init__(self, on):
        self.on = on

    async def weigh(self, thing):
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        threading.Thread(target=self._weigh, args=(thing, future)).start()
        return await future

    def _weigh(self, thing, future):
        self.on.wait()
        future.set_result(len(thing))  # LC203


@pytest.mark.asyncio
async def test_a_letter_is_weighed():
    on = threading.Event()
    weighing = asyncio.ensure_future(Scale(on).weigh("Dear Emma"))
    asyncio.get_running_loop().call_later(0.1, on.set)
    assert await weighing == 9
