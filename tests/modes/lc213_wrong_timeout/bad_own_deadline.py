"""The handler writes its own limit into its error, and asks no limit which of them ran out."""

# name: asyncio.wait_for(self._answer(key), self.limit)
import asyncio

import pytest


class TooLate(Exception):
    pass


class Replica:
    limit = 0.01

    async def _answer(self, key):
        await asyncio.sleep(60)
        return key

    async def read(self, key):
        return await asyncio.wait_for(self._answer(key), self.limit)


class Reader:
    def __init__(self, *replicas, deadline=2.0):
        self.replicas, self.deadline = replicas, deadline

    async def read(self, key):
        try:
            async with asyncio.timeout(self.deadline):
                for replica in self.replicas:
                    return await replica.read(key)
        except TimeoutError:  # LC213
            raise TooLate(f"{key} after {self.deadline} s") from None


@pytest.mark.asyncio
async def test_the_first_replica_answers():
    assert await Reader(Replica()).read("plum") == "plum"
