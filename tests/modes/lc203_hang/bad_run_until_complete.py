# name: self.opened | opened
import asyncio
import unittest


class TestDoor(unittest.TestCase):
    def setUp(self):
        self.loop = asyncio.new_event_loop()
        self.addCleanup(self.loop.close)

    def test_it_opens(self):
        self.opened = asyncio.Event()
        waiting = asyncio.wait_for(self.opened.wait(), 0.2)
        self.loop.run_until_complete(waiting)  # LC203
