"""A generator holds a lock at its `yield`; a step is taken, and the next one waits for the lock."""

import asyncio

import pytest


class Desk:
    def __init__(self):
        self.pen = asyncio.Lock()

    async def signatures(self, names):
        async with self.pen:
            for name in names:
                yield f"{name} (signed)"

    async def sign(self, name):
        async with self.pen:
            return name


# name: Desk.signatures
@pytest.mark.asyncio
async def test_one_signs_after_the_other():
    desk = Desk()
    lines = desk.signatures(["ada", "bob"])  # LC206
    assert await anext(lines) == "ada (signed)"
    async with asyncio.timeout(0.1):
        assert await desk.sign("eve") == "eve"
