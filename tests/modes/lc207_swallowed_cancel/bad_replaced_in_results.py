"""Jobs report whatever ends them as a failure. The test looks at the results of a `gather`."""

# name: job
import asyncio
import unittest


class JobFailed(Exception):
    pass


async def step(gate):
    await gate.wait()


async def job(name, gate):
    try:
        await step(gate)
    except BaseException as error:  # LC207
        raise JobFailed(f"{name}: {error!r}")


class JobsTest(unittest.IsolatedAsyncioTestCase):
    async def test_cancelled_jobs_end_as_cancelled(self):
        gate = asyncio.Event()
        tasks = [asyncio.create_task(job(name, gate)) for name in "ab"]
        await asyncio.sleep(0)
        for one in tasks:
            one.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(results[0], asyncio.CancelledError)
