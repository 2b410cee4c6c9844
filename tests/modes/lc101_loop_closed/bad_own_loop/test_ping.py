"""All callers share a bridge, and each of them closes it."""

# name: shared
import asyncio

from bridge import shared


def ping():
    with shared as bridge:  # LC101
        return bridge.call(asyncio.sleep(0, "pong"))


def test_ping():
    assert ping() == "pong"


def test_ping_again():
    assert ping() == "pong"
