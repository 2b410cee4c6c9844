"""What the `async for` goes over begins anew at its end, and never has to wait."""

# options: --loopcheck-hang=0.5
# name: collect

import pytest


class Ring:
    def __init__(self, items):
        self.items, self.at = items, 0

    def __aiter__(self):
        return self

    async def __anext__(self):
        item = self.items[self.at % len(self.items)]
        self.at += 1
        return item


async def collect(ring):
    seen = []
    async for item in ring:  # LC204
        if item not in seen:
            seen.append(item)
    return seen


@pytest.mark.asyncio
async def test_collect():
    assert await collect(Ring("abc")) == ["a", "b", "c"]
