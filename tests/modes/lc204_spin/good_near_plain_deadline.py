"""A plain poll with a limit of its own, which ends it in time."""

# options: --loopcheck-hang=1

import time


def pause(seconds):
    time.sleep(seconds)


def is_open(door):
    return door["open"]


def test_door_stays_shut():
    door = {"open": False}
    until = time.monotonic() + 6
    while time.monotonic() < until:
        if is_open(door):
            break
        pause(0.02)
    assert not door["open"]
