"""The assertion of a `finally` fails, since the error on its way out kept the list empty."""
# name: repo.load

from unittest.mock import MagicMock

import pytest

pytestmark = pytest.mark.asyncio


async def test_prices():
    repo, prices = MagicMock(), []  # LC401
    repo.load.return_value = 3
    try:
        prices.append(await repo.load("pen"))
    finally:
        assert prices == [3]
