"""An object keeps a function of the test, or the patch was used and gave another town."""

from unittest.mock import AsyncMock

import pytest
from sorting import Sorter


@pytest.fixture
def towns(monkeypatch):
    double = AsyncMock(return_value="Ulm")
    monkeypatch.setattr("postal.look_up", double)
    return double


@pytest.mark.asyncio
async def test_its_own_function_fails(towns):
    async def find(code):
        raise LookupError(code)

    assert await Sorter(find).sort("89073") == "Ulm"


@pytest.mark.asyncio
async def test_another_town_is_expected(towns):
    assert await Sorter().checked("89073") == "Bonn"
