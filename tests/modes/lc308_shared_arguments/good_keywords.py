"""A key that is missing, in keywords of which no earlier test took it out."""

import pytest

ORDER = {"table": 3}
EVENTS = {"open": True}


def cook(**order):
    return order["dish"]


@pytest.mark.asyncio
async def test_events():
    EVENTS.pop("open")


@pytest.mark.asyncio
async def test_cook():
    assert cook(**ORDER) == "soup"
