"""Caught and written to the log with its traceback; what comes back is None."""

import logging
from unittest.mock import MagicMock

import pytest

log = logging.getLogger(__name__)


async def place(bus, order):
    try:
        return (await bus.publish("orders", order)).offset
    except Exception:
        log.exception("not published")
        return None


# name: bus.publish
@pytest.mark.asyncio
async def test_place():
    bus = MagicMock()  # LC401
    bus.publish.return_value.offset = 9
    assert await place(bus, {"id": 7}) == 9
