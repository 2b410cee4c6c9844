"""The folder has settings of its own, and the run begins above it."""

import pytest


@pytest.fixture
async def shop():
    yield "open"


@pytest.mark.asyncio
async def test_shop(shop):
    assert shop == "open"
