"""A limit ends the wait for a job, and not the job: its thread waits for a line that never comes.

`asyncio.wait_for` cancels the future. The thread of the executor goes on.
"""

# options: --loopcheck-hang=1
# name: next_line

import asyncio
import queue
from concurrent.futures import ThreadPoolExecutor

import pytest

pool = ThreadPoolExecutor(max_workers=1)


def next_line(lines):
    return lines.get()


@pytest.mark.asyncio
async def test_a_silent_peer_is_given_up():
    loop = asyncio.get_running_loop()
    waiting = loop.run_in_executor(pool, next_line, queue.Queue())  # LC209
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(waiting, 0.05)
