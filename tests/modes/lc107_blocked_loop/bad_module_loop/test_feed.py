"""One fixture for all tests of the file; its clean-up waits for a thread."""

import threading

import pytest


@pytest.fixture(scope="module")
async def listener():
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait, args=(0.4,))
    thread.start()
    yield thread
    thread.join()  # LC107


# name: thread.join
async def test_listens(listener):
    assert listener.is_alive()


async def test_still_listens(listener):
    assert listener.name
