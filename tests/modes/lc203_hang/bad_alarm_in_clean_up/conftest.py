"""A limit for each test, by a signal: as pytest-timeout does it."""

import signal

import pytest


def ring(number, frame):
    pytest.fail("Timeout (>2s)")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 2.0, 2.0)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
