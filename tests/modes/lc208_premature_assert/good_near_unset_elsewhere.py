"""No line here can await the task or future: it is another loop's, or the code is plain."""

import asyncio
import threading
import time

import pytest


async def work():
    await asyncio.sleep(0.01)
    return 1


@pytest.fixture
def aside():
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_a_task_made_from_another_thread(aside):
    task = aside.create_task(work())
    time.sleep(0.02)
    assert task.result() == 1


@pytest.mark.asyncio
async def test_a_future_of_a_loop_that_does_not_run():
    loop = asyncio.new_event_loop()
    answer = loop.create_future()
    loop.call_soon(answer.set_result, 1)
    loop.close()
    assert answer.result() == 1


def read(task):
    return task.result()


@pytest.mark.asyncio
async def test_a_plain_function_reads_it():
    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    assert read(task) == 1
    await task
