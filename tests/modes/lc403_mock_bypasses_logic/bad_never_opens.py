"""What is patched is the function under the breaker's decorator: nobody counts the errors."""

from functools import wraps
from unittest.mock import patch

import pytest


class Open(Exception):
    """The breaker lets nothing through."""


def breaker(limit):
    def decorate(function):
        failures = []

        @wraps(function)
        async def guarded(*args):
            if len(failures) >= limit:
                raise Open(limit)
            try:
                return await function(*args)
            except OSError as error:
                failures.append(error)
                raise

        return guarded

    return decorate


class Partner:
    @breaker(limit=2)
    async def call(self, order):
        return order


async def ask(partner, order):
    try:
        return await partner.call(order)
    except Open:
        return "open"


# name: partner.call
@pytest.mark.asyncio
async def test_it_opens():
    partner = Partner()
    with patch.object(partner, "call", side_effect=OSError("down")):  # LC403
        for _ in range(2):
            with pytest.raises(OSError, match="down"):
                await ask(partner, 1)
        assert await ask(partner, 1) == "open"
