"""Loops that somebody closes, or that are asyncio's to close, or that a failing test leaves."""

import asyncio
import gc
import sys
import threading

import pytest


async def price():
    await asyncio.sleep(0)
    return 3


def made():
    return asyncio.new_event_loop()


def test_a_thread_closes_its_own():
    loop = asyncio.new_event_loop()

    def serve():
        loop.run_forever()
        loop.close()

    thread = threading.Thread(target=serve)
    thread.start()
    asyncio.run_coroutine_threadsafe(price(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="asyncio.Runner is newer")
def test_a_runner_closes_what_its_factory_made():
    with asyncio.Runner(loop_factory=made) as runner:
        assert runner.run(price()) == 3
    runner = asyncio.Runner(loop_factory=made)
    assert runner.run(price()) == 3
    del runner


@pytest.mark.asyncio
async def test_a_loop_that_is_used_no_more_may_be_closed_at_once():
    asyncio.new_event_loop().close()


def test_a_failing_test_may_leave_its_own():
    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(price()) == 4
    loop.close()


def test_the_warning_itself_may_be_what_a_test_is_about():
    loop = asyncio.new_event_loop()
    with pytest.warns(ResourceWarning):
        del loop
        gc.collect()


def test_all_that_was_left_is_collected():
    gc.collect()
