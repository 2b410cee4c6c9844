"""The thread that took it has given it back by the time that anybody looks."""

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


# name: cache._lock
def test_begin_in_a_thread(cache):
    done, taken = threading.Event(), threading.Event()

    def work():
        cache.begin()
        taken.set()
        done.wait(5)
        cache.end()

    worker = threading.Thread(target=work, name="filler")
    worker.start()
    try:
        assert taken.wait(5)
        cache.end()
    finally:
        done.set()
        worker.join()
