"""A `gather` returns two errors: one caller was out of time, and ended the drawing of both."""

# name: drawing
import asyncio

import pytest

pytestmark = pytest.mark.asyncio


class Maps:
    def __init__(self, draw):
        self.draw, self.drawings = draw, {}

    async def tile(self, x, y, patience):
        drawing = self.drawings.get((x, y))
        if drawing is None:
            drawing = self.drawings[x, y] = asyncio.ensure_future(self.draw(x, y))
            drawing.add_done_callback(lambda _: self.drawings.pop((x, y), None))
        return await asyncio.wait_for(drawing, patience)  # LC215


async def test_a_caller_without_patience():
    async def draw(x, y):
        await asyncio.sleep(0.05)
        return f"{x}/{y}"

    maps = Maps(draw)
    fast, slow = await asyncio.gather(
        maps.tile(2, 1, patience=0.01), maps.tile(2, 1, patience=5), return_exceptions=True
    )
    assert isinstance(fast, TimeoutError)
    assert slow == "2/1"
