"""The task of a loop made in `setUp` is awaited, and by the report that loop is closed."""

# name: self.task
import asyncio
from unittest import IsolatedAsyncioTestCase


class TestWorker(IsolatedAsyncioTestCase):
    def setUp(self):
        self.loop = asyncio.new_event_loop()  # LC105
        self.task = self.loop.create_task(asyncio.sleep(0, "tea"))

    def tearDown(self):
        self.task.cancel()
        self.loop.close()

    async def test_a_job_is_done(self):
        self.assertEqual(await self.task, "tea")
