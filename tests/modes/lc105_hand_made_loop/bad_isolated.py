"""A class of unittest's starts its work on a loop of its own; unittest runs the test on another."""

# name: Worker.run
import asyncio
from unittest import IsolatedAsyncioTestCase


class Worker:
    def __init__(self):
        self.jobs, self.done = asyncio.Queue(), []

    async def run(self):
        while True:
            self.done.append(await self.jobs.get())


class TestWorker(IsolatedAsyncioTestCase):
    def setUp(self):
        self.loop = asyncio.new_event_loop()  # LC105
        self.worker = Worker()
        self.task = self.loop.create_task(self.worker.run())

    def tearDown(self):
        self.task.cancel()
        self.loop.close()

    async def test_a_job_is_done(self):
        await self.worker.jobs.put("tea")
        await asyncio.sleep(0.01)
        self.assertEqual(self.worker.done, ["tea"])
