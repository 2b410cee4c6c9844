"""A test fails by its own fault, and its fixture still ends the thread."""

import queue
import threading

import pytest


@pytest.fixture
def lines():
    lines = queue.Queue()
    reader = threading.Thread(target=lambda: [*iter(lines.get, None)])
    reader.start()
    yield lines
    lines.put(None)
    reader.join()


@pytest.mark.asyncio
async def test_nothing_is_read(lines):
    assert lines.qsize() == 1
