"""The double's first error is what no breaker would have kept away: the code does not catch it."""

from unittest.mock import AsyncMock

import pytest


def breaker(function):
    return function


class Partner:
    @breaker
    async def call(self, order):
        return order


async def ask(partner, order):
    try:
        return await partner.call(order)
    except TimeoutError:
        return "later"


@pytest.mark.asyncio
async def test_later():
    partner = Partner()
    partner.call = AsyncMock(side_effect=PermissionError("down"))
    assert await ask(partner, 1) == "later"
