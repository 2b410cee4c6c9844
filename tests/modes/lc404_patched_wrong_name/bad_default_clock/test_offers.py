"""The clock is a default: it was taken before the test replaced `time.time`."""

# name: offers.Offers
import itertools
from unittest.mock import patch

import pytest
from offers import Offers


@pytest.mark.asyncio
async def test_an_offer_expires():
    numbers = itertools.count(100)

    async def search(route):
        return f"{route} {next(numbers)}"

    offers = Offers(60)
    with patch("time.time", side_effect=[10.0, 10.0, 100.0, 100.0]):  # LC404
        await offers.get("ARN-OSL", search)
        assert await offers.get("ARN-OSL", search) == "ARN-OSL 101"
