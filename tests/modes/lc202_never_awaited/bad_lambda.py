"""A lambda returns the coroutine to the loop, to a finished task, and to a list of listeners."""

# name: Lamp.switch
# findings: 3
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Button:
    def __init__(self):
        self.listeners = []

    def press(self):
        for one in self.listeners:
            one()  # LC202


class Lamp:
    def __init__(self):
        self.on = False

    async def switch(self, on):
        self.on = on


async def test_soon():
    lamp = Lamp()
    asyncio.get_running_loop().call_soon(lambda: lamp.switch(True))  # LC202
    await asyncio.sleep(0.01)
    assert lamp.on


async def test_when_a_task_is_done():
    lamp = Lamp()
    task = asyncio.create_task(asyncio.sleep(0))
    task.add_done_callback(
        lambda done: lamp.switch(done.done()),  # LC202
    )
    await task
    await asyncio.sleep(0)
    assert lamp.on


async def test_a_listener():
    lamp, button = Lamp(), Button()
    button.listeners.append(lambda: lamp.switch(True))
    button.press()
    assert lamp.on
