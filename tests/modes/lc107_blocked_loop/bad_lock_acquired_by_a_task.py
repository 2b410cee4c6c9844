"""A task acquires a lock of threads and waits for an event, and another task wants that lock."""

# options: --loopcheck-hang=1
# name: guard.acquire
import asyncio
import threading
import unittest


class TestGuard(unittest.TestCase):
    def test_two_tasks_take_turns(self):
        guard, done = threading.Lock(), []

        async def slow(ready):
            guard.acquire()  # LC107
            await ready.wait()
            guard.release()
            done.append("slow")

        async def quick():
            guard.acquire()
            guard.release()
            done.append("quick")

        async def main():
            ready = asyncio.Event()
            asyncio.get_running_loop().call_later(0.01, ready.set)
            await asyncio.gather(slow(ready), quick())

        asyncio.run(main())
        self.assertEqual(done, ["slow", "quick"])
