"""A function keeps its client for ever; the fixture closes it after the first test."""

import pytest
import tides

# name: station(…)


@pytest.mark.asyncio
async def test_the_height_is_read(answers):
    assert await tides.height("Brest") == 1


@pytest.mark.asyncio
async def test_the_port_is_asked(answers):
    await tides.height("Dover")
    assert answers == ["/ports/Dover"]
