"""A lease arms a timer that ends it in an hour: a `threading.Timer` is no daemon."""

# options: --loopcheck-hang=1
# name: expire

import threading

import pytest

held = set()


def expire(name):
    held.discard(name)


@pytest.mark.asyncio
async def test_a_lease_is_held():
    held.add("db")
    timer = threading.Timer(3600, expire, ["db"])
    timer.start()  # LC209
    assert held == {"db"}
