"""A limit for each test, by a signal that rings until it interrupts a poll in a task."""

import signal

import pytest


def ring(number, frame):
    above = frame
    while above is not None:
        if above.f_code.co_name in ("empty", "served"):
            pytest.fail("Timeout (>0.3s)")
        above = above.f_back


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.3, 0.001)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
