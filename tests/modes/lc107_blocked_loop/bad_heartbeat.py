"""The assertion counts what a task should have done while another line held the loop."""

import asyncio
import subprocess

import pytest


async def heartbeat(beats):
    while True:
        beats.append(1)
        await asyncio.sleep(0.02)


# name: subprocess.run
@pytest.mark.asyncio
async def test_heart_beats_meanwhile():
    beats = []
    beating = asyncio.create_task(heartbeat(beats))
    subprocess.run(["sleep", "0.3"], check=True)  # LC107
    beating.cancel()
    assert len(beats) > 5
