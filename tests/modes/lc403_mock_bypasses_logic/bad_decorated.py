"""What is patched is the function that tries again; the one below it would have been right."""

from functools import wraps
from unittest.mock import patch

import pytest


def persistent(function):
    @wraps(function)
    async def again(*args):
        for left in (2, 1, 0):
            try:
                return await function(*args)
            except ConnectionError:
                if not left:
                    raise

    return again


class Rates:
    @persistent
    async def fetch(self, currency):
        raise ConnectionError(currency)

    async def convert(self, amount, currency):
        return amount * await self.fetch(currency)


# name: fetch | Rates.fetch
@pytest.mark.asyncio
async def test_convert():
    answers = [ConnectionError("gone"), 2]
    with patch.object(Rates, "fetch", side_effect=answers):  # LC403
        assert await Rates().convert(10, "EUR") == 20
