"""Checks that find an ended task, one of a library, and a timer that two lines can start."""

# other: LC201
import asyncio

import pytest
import pytest_asyncio

pytestmark = pytest.mark.asyncio


class Desk:
    def __init__(self):
        self.open = True

    def today(self):
        asyncio.get_running_loop().call_later(60, self._shut)

    def tomorrow(self):
        asyncio.get_running_loop().call_later(120, self._shut)

    def _shut(self):
        self.open = False


@pytest_asyncio.fixture
async def no_timers():
    yield
    for handle in asyncio.get_running_loop()._scheduled:
        pytest.fail(f"a timer is left: {handle}")


@pytest_asyncio.fixture
async def jobs():
    given = []
    yield given
    for job in given:
        if job.result() is None:
            pytest.fail(f"{job} has no result")


async def test_a_desk_is_open(no_timers):
    desk = Desk()
    desk.today()
    assert desk.open


async def test_a_sleep_of_asyncio(no_timers):
    asyncio.get_running_loop().call_later(60, print)
    asyncio.get_running_loop().call_later(60, print)


async def test_a_job_without_a_result(jobs):
    jobs.append(asyncio.create_task(asyncio.sleep(0)))
    await asyncio.sleep(0.01)


async def test_two_kinds_of_tasks_are_counted():
    async def start(seconds):
        return asyncio.create_task(asyncio.sleep(seconds))

    async def begin(seconds):
        return asyncio.ensure_future(asyncio.sleep(seconds))

    mine = [await start(60), await begin(60)]
    try:
        assert len(asyncio.all_tasks()) == 2
    finally:
        for one in mine:
            one.cancel()


async def test_too_few_tasks_are_counted():
    async def start(seconds):
        return asyncio.create_task(asyncio.sleep(seconds))

    jobs = [await start(60)]
    try:
        assert len(jobs) == 2
    finally:
        jobs.pop().cancel()


@pytest_asyncio.fixture
async def server():
    stopping = asyncio.create_task(asyncio.sleep(60))
    yield
    await asyncio.wait([stopping], timeout=0)
    if not stopping.done():
        pytest.fail(f"{stopping} did not stop")


async def test_a_server_of_the_fixture(server):
    assert server is None


class Worker:
    def __init__(self):
        self.failed = [ValueError("no row")]
        self.task = asyncio.create_task(asyncio.sleep(60))

    async def stop(self):
        self.task.cancel()
        await asyncio.wait([self.task])
        raise ExceptionGroup("some jobs failed", self.failed)


@pytest_asyncio.fixture
async def worker():
    worker = Worker()
    yield worker
    await worker.stop()


async def test_jobs_that_failed(worker):
    assert worker.failed
