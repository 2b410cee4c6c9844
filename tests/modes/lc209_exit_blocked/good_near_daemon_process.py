"""The worker process is a daemon: `multiprocessing` terminates it at exit."""

import multiprocessing

import pytest

context = multiprocessing.get_context("fork")


def work(jobs, results):
    while True:
        results.put(2 * jobs.get())


@pytest.mark.asyncio
async def test_the_worker_doubles():
    jobs, results = context.SimpleQueue(), context.SimpleQueue()
    context.Process(target=work, args=(jobs, results), daemon=True).start()
    jobs.put(21)
    assert results.get() == 42
