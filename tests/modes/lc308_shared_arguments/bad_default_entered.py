"""Two walks enter one gate. The one that is quicker shuts it, and the other stands before it."""

import asyncio
import unittest


class Gate:
    def __init__(self):
        self.key = None

    def __enter__(self):
        self.key = "brass"

    def __exit__(self, *error):
        self.key = None


async def walk(
    steps,
    gate=Gate(),  # LC308
):
    with gate:
        for _ in range(steps):
            await asyncio.sleep(0)
        return gate.key.upper()


# name: gate
class TestGarden(unittest.IsolatedAsyncioTestCase):
    async def test_two_walks(self):
        async with asyncio.TaskGroup() as group:
            group.create_task(walk(1))
            group.create_task(walk(5))
