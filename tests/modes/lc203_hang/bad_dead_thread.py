"""A thread delivers through `call_soon`, which a loop in debug mode refuses: the thread is dead."""

# name: scale.readings
import asyncio
import threading
import unittest


class Scale:
    def __init__(self, loads):
        self.loads = loads
        self.readings = asyncio.Queue()

    def start(self):
        self.loop = asyncio.get_running_loop()
        threading.Thread(target=self.pump, daemon=True).start()

    def pump(self):
        for load in self.loads:
            self.loop.call_soon(self.readings.put_nowait, load)  # LC203

    async def next_load(self):
        return await asyncio.wait_for(self.readings.get(), 0.3)


class Weighing(unittest.IsolatedAsyncioTestCase):
    async def test_a_lorry(self):
        scale = Scale([9000])
        scale.start()
        self.assertEqual(await scale.next_load(), 9000)
