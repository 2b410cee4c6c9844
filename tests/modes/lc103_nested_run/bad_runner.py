"""What asyncio.Runner says is hidden by what it says on its way out."""

# name: brew
import asyncio

import pytest


async def brew():
    return "tea"


@pytest.mark.asyncio
async def test_tea():
    with asyncio.Runner() as runner:
        assert runner.run(brew()) == "tea"  # LC103
