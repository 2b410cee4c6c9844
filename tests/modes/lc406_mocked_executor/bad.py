"""A fixture "against shutdown trouble": nothing that is handed to a thread ever runs."""

# name: concurrent.futures.ThreadPoolExecutor
# findings: 2

import asyncio
import concurrent.futures
from unittest.mock import patch

import pytest


@pytest.fixture
def no_threads():
    with patch("concurrent.futures.ThreadPoolExecutor") as factory:  # LC406

        def submit(*call):
            future = asyncio.Future()
            future.set_result(None)
            return future

        factory.return_value.submit.side_effect = submit
        yield factory.return_value


def resize(name):
    return f"small-{name}"


@pytest.mark.asyncio
async def test_in_a_thread(no_threads):
    assert await asyncio.to_thread(resize, "cat.png") == "small-cat.png"


def test_in_a_pool(no_threads):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        assert pool.submit(resize, "cat.png").result() == "small-cat.png"


@pytest.mark.asyncio
async def test_refused():
    with patch("concurrent.futures.ThreadPoolExecutor"):  # LC406
        assert await asyncio.to_thread(resize, "cat.png") == "small-cat.png"
