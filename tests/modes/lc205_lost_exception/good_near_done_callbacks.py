"""A done-callback reads what a task failed with; its turn comes after the test's last line."""

import asyncio
import logging
import unittest

import pytest

kept = []


async def fails():
    raise KeyError("user_id")


def read(task):
    task.exception()


def log(task):
    try:
        task.result()
    except KeyError:
        logging.getLogger("jobs").warning("failed")


class Reader:
    def done(self, task):
        self.error = None if task.cancelled() else task.exception()


def start(callback):
    task = asyncio.create_task(fails())
    task.add_done_callback(callback)
    return task


CALLBACKS = [lambda task: task.exception(), read, log, Reader().done]


@pytest.mark.asyncio
@pytest.mark.parametrize("callback", CALLBACKS)
async def test_passes(callback):
    start(callback)


@pytest.mark.asyncio
@pytest.mark.parametrize("callback", CALLBACKS)
async def test_fails(callback):
    start(callback)
    assert callback is None


@pytest.mark.asyncio
@pytest.mark.parametrize("callback", CALLBACKS)
async def test_fails_and_keeps_it(callback):
    kept.append(start(callback))
    assert callback is None


def test_on_a_loop_of_its_own():
    async def main():
        kept.append(start(read))

    asyncio.run(main())


class TestIsolated(unittest.IsolatedAsyncioTestCase):
    async def test_passes(self):
        start(log)

    async def test_fails(self):
        start(log)
        self.assertIsNone(log)
