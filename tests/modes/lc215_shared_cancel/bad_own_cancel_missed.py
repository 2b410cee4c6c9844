"""A lease that runs out gives itself up, half-way: the renewal that does it cancels itself."""

import asyncio
import unittest


class Desk:
    def __init__(self):
        self.free = set()

    async def take_back(self, key):
        await asyncio.sleep(0)
        self.free.add(key)


class Lease:
    def __init__(self, desk, key):
        self._desk, self._key = desk, key
        self._renewal = None
        self.ended = None

    def begin(self, seconds):
        if self._renewal is not None:
            self._renewal.cancel()
        self._renewal = asyncio.ensure_future(self._run_out(seconds))

    async def _run_out(self, seconds):
        await asyncio.sleep(seconds)
        await self.give_up("ran out")

    async def give_up(self, why):
        self.ended = why
        self._stop()
        await self._desk.take_back(self._key)

    def _stop(self):
        self._renewal.cancel()  # LC215


# name: self._renewal
class LeaseTest(unittest.IsolatedAsyncioTestCase):
    async def test_a_lease_that_runs_out_is_taken_back(self):
        desk = Desk()
        lease = Lease(desk, "key")
        lease.begin(5)
        lease.begin(0.01)
        await asyncio.sleep(0.05)
        self.assertEqual(lease.ended, "ran out")
        self.assertIn("key", desk.free)
