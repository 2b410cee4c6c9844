"""Code of anyio's runs on both, and fails on both, for a reason of its own."""

import anyio
import pytest


async def weigh(box):
    await anyio.sleep(0)
    return len(box)


@pytest.mark.anyio
async def test_weight():
    assert await weigh("red") == 4
