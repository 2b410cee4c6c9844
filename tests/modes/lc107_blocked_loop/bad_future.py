"""Work that was handed to a thread, and is then waited for on the loop itself."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest


def render():
    time.sleep(0.25)
    return "page"


# name: pool.submit(…).result
@pytest.mark.asyncio
async def test_render():
    with ThreadPoolExecutor() as pool:
        assert pool.submit(render).result() == "page"  # LC107
