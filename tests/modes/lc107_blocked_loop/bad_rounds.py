"""A `for` waits for its next item, and holds the loop; the call in its body does not."""

import queue
import threading

import pytest


def drain(jobs):
    seen = []
    for job in iter(jobs.get, None):  # LC107
        seen.append(job)
    return seen


# name: iter
@pytest.mark.asyncio
async def test_all_jobs_are_seen():
    jobs = queue.Queue()
    timer = threading.Timer(0.3, jobs.put, [None])
    timer.start()
    assert drain(jobs) == []
    timer.join()
