import asyncio

import pytest
from lines import Lines


async def count(lines):
    number = 0
    async for _ in lines.all():
        number += 1
    return number


# name: Lines.all
@pytest.mark.asyncio
async def test_counting_can_be_cancelled():
    lines = Lines()
    counting = asyncio.create_task(count(lines))
    await asyncio.sleep(0)
    counting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await counting
