"""One side effect more is asked for than there are: the error has no words."""

from unittest.mock import AsyncMock

import pytest


async def drain(queue, most=3):
    return [await queue.pop("jobs") for _ in range(most)]


# name: queue.pop
@pytest.mark.asyncio
async def test_drain():
    queue = AsyncMock()
    queue.pop.side_effect = [b"one", b"two"]  # LC409
    assert await drain(queue) == [b"one", b"two"]
