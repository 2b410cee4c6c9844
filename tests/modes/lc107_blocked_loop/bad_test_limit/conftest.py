"""A limit for each test, by a signal: as pytest-timeout does it."""

import signal

import pytest


def ring(number, frame):
    pytest.fail("Timeout (>0.5s)")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.5, 0.5)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
