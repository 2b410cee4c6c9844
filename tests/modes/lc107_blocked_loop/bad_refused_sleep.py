"""A fixture forbids `time.sleep` while a loop runs: the coroutine that calls it fails there."""

import asyncio
import time

import pytest


class LoopBlocked(Exception):
    pass


@pytest.fixture
def strict(monkeypatch):
    sleep = time.sleep

    def checked(seconds):
        if asyncio._get_running_loop() is not None:
            raise LoopBlocked("time.sleep")
        return sleep(seconds)

    monkeypatch.setattr(time, "sleep", checked)


async def poll(states):
    while states.pop(0) != "ready":
        time.sleep(0.01)  # LC107


# name: time.sleep
@pytest.mark.asyncio
async def test_poll(strict):
    await poll(["busy", "ready"])
