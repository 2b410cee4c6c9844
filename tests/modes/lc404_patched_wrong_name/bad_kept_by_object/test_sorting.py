"""Each object keeps the function that it imported; a base class put it there."""

# name: sorting.look_up

from unittest.mock import AsyncMock

import pytest
from sorting import NightSorter


@pytest.mark.asyncio
async def test_a_letter_goes_to_its_town(monkeypatch):
    monkeypatch.setattr("postal.look_up", AsyncMock(return_value="Ulm"))  # LC404
    assert await NightSorter().sort("a", "89073") == "Ulm"
