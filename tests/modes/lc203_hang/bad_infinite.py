"""A limit that never runs out, as who has none to give writes it: nothing comes of its timer."""

# options: --loopcheck-hang=1
# name: letters.box | self.box
import asyncio
import math

import pytest


class Letters:
    def __init__(self):
        self.box = asyncio.Queue()

    async def next(self, limit=math.inf):
        return await asyncio.wait_for(self.box.get(), limit)  # LC203


@pytest.mark.asyncio
async def test_the_first_letter():
    letters = Letters()
    assert await letters.next() == "Dear Emma"
