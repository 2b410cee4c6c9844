"""An RLock belongs to the thread that took it."""

import threading

import pytest


class Cache:
    def __init__(self):
        self._lock = threading.RLock()

    def begin(self):
        self._lock.acquire()

    def end(self):
        self._lock.release()  # LC504


@pytest.fixture
def cache():
    return Cache()


@pytest.fixture
def filler(cache):
    done, taken = threading.Event(), threading.Event()

    def fill():
        cache.begin()
        taken.set()
        done.wait(5)
        cache.end()

    worker = threading.Thread(target=fill, name="filler")
    worker.start()
    assert taken.wait(5)
    yield worker
    done.set()
    worker.join()


# name: cache._lock
def test_end(cache, filler):
    cache.end()
