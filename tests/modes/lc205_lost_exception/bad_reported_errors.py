"""A watchman keeps the errors that asyncio reports, and a task that nobody awaits has one."""

# name: Meter.poll
import asyncio
import unittest


class Watchman:
    def __init__(self):
        self.errors = []

    def __call__(self, loop, context):
        self.errors.append(context.get("exception"))


class Meter:
    async def poll(self):
        await asyncio.sleep(0)
        return {"volts": 3}["amps"]  # LC205

    def start(self):
        self.task = asyncio.ensure_future(self.poll())
        self.task.add_done_callback(lambda _: vars(self).pop("task"))


class Night(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.watchman = Watchman()
        asyncio.get_running_loop().set_exception_handler(self.watchman)
        Meter().start()
        await asyncio.sleep(0.01)

    async def test_no_error(self):
        self.assertEqual([], self.watchman.errors)

    async def test_quiet(self):
        if self.watchman.errors:
            self.fail("an error was reported")
