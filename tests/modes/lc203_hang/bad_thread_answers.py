"""A device answers from its own thread, and only the limit wakes the loop: for the first answer."""

# name: answer
import asyncio
import queue
import threading

import pytest


class Device(threading.Thread):
    def __init__(self):
        super().__init__(daemon=True)
        self.commands = queue.SimpleQueue()

    def run(self):
        while (command := self.commands.get()) is not None:
            text, answer = command
            answer.set_result(text[::-1])  # LC203

    async def ask(self, text):
        answer = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(self.commands.put, (text, answer))
        return await answer


@pytest.mark.asyncio
async def test_two_commands():
    device = Device()
    device.start()
    async with asyncio.timeout(0.2):
        assert await device.ask("ab") == "ba"
        assert await device.ask("cd") == "dc"
    device.commands.put(None)
