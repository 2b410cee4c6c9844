"""A test starts a worker process and never ends it: `multiprocessing` joins it at exit."""

# options: --loopcheck-hang=1
# name: work

import multiprocessing

import pytest

context = multiprocessing.get_context("fork")


def work(jobs, results):
    while True:
        results.put(2 * jobs.get())


@pytest.mark.asyncio
async def test_the_worker_doubles():
    jobs, results = context.SimpleQueue(), context.SimpleQueue()
    worker = context.Process(target=work, args=(jobs, results))
    worker.start()  # LC209
    jobs.put(21)
    assert results.get() == 42
