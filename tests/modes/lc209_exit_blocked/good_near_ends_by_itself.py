"""A thread goes on for a moment after the tests, and ends by itself."""

import threading
import time

import pytest


def flush(lines):
    time.sleep(0.3)
    lines.clear()


@pytest.mark.asyncio
async def test_a_flush_in_the_background():
    lines = ["hello"]
    threading.Thread(target=flush, args=[lines]).start()
    assert lines == ["hello"]
