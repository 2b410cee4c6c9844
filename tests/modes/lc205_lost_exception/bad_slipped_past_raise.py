"""A job raises CancelledError to give up. The runner counts the jobs that failed."""

# name: except (ValueError, Exception)
import asyncio
import unittest


class GiveUp(asyncio.CancelledError):
    pass


class Runner:
    def __init__(self):
        self.failed = self.done = 0

    async def run(self, job):
        try:
            await job()
        except (ValueError, Exception):  # LC205
            self.failed += 1
        else:
            self.done += 1

    def start(self, job):
        loop = asyncio.get_running_loop()
        loop.create_task(self.run(job)).add_done_callback(lambda task: task.result())


class RunnerTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_job_that_gives_up_has_failed(self):
        async def job():
            await asyncio.sleep(0)
            raise GiveUp

        runner = Runner()
        runner.start(job)
        await asyncio.sleep(0.01)
        self.assertEqual(runner.failed, 1)
