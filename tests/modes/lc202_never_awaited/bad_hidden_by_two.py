"""Two decorators: the inner one awaits, the outer one is plain. The registry asks the outer one."""

# name: refresh
import asyncio
import functools
import unittest

JOBS = {}


def job(name):
    def register(function):
        JOBS[name] = function
        return function

    return register


def retried(function):
    @functools.wraps(function)
    async def again(*args):
        return await function(*args)

    return again


def named(function):
    @functools.wraps(function)
    def call(*args):
        return function(*args)  # LC202

    return call


rows = []


@job("refresh")
@named
@retried
async def refresh(row):
    rows.append(row)


async def run(name, *args):
    function = JOBS[name]
    loop = asyncio.get_running_loop()
    if asyncio.iscoroutinefunction(function):
        return await function(*args)
    return await loop.run_in_executor(None, function, *args)


class JobsTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_job_is_run(self):
        await run("refresh", "first")
        self.assertEqual(rows, ["first"])
