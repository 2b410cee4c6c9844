"""Taken in a worker's thread, released in the main one."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest
import valkey


@pytest.fixture
def store():
    with valkey.from_url(os.environ["VALKEY_URL"]) as store:
        yield store


# name: guard
def test_report(store):
    guard = store.lock("report", timeout=5)
    with ThreadPoolExecutor(thread_name_prefix="reporter") as pool:
        assert pool.submit(guard.acquire).result()
    guard.release()  # LC504
