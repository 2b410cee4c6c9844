"""A plain function is patched with an AsyncMock, and the code calls it as it should."""

# passes
# name: bad_dropped_function.notify

from unittest.mock import AsyncMock, patch

import pytest


def notify(name):
    raise ConnectionError(name)


async def order(name):
    notify(name)
    return f"{name} ordered"


@pytest.mark.asyncio
async def test_order():
    with patch("bad_dropped_function.notify", new_callable=AsyncMock):  # LC402
        assert await order("tea") == "tea ordered"
