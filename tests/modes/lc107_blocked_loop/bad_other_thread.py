"""The loop that is held runs in a thread of the test's, and another task waits for its turn."""

import asyncio
import queue
import threading

jobs = queue.Queue()


async def work():
    await asyncio.sleep(0.01)
    try:
        return jobs.get(timeout=0.3)  # LC107
    except queue.Empty:
        return None


async def beat(beats):
    while len(beats) < 3:
        beats.append(1)
        await asyncio.sleep(0.05)


async def main():
    await asyncio.gather(work(), beat([]))


# name: jobs.get
def test_worker_ends():
    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
