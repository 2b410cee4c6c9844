"""The project says that it knows."""

import pytest


async def work():
    """Nothing."""


@pytest.mark.filterwarnings("ignore:coroutine 'work' was never awaited:RuntimeWarning")
@pytest.mark.asyncio
async def test_quiet():
    work()
