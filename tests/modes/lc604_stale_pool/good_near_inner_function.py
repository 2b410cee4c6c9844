"""A function inside the test has begun the end, and something else took that back."""

import asyncio

import pytest


class Queue:
    def __init__(self):
        self._down = False

    def close(self):
        self._down = True

    def forget(self):
        self._down = False

    async def wait_closed(self):
        if not self._down:
            raise RuntimeError("it is still open")


@pytest.mark.asyncio
async def test_a_helper_has_run():
    queue = Queue()

    def stop():
        queue.close()

    stop()
    queue.forget()
    await queue.wait_closed()


def test_the_failing_one_has_run_up_to_here():
    queue = Queue()

    async def finish():
        queue.close()
        queue.forget()
        await queue.wait_closed()

    asyncio.run(finish())
