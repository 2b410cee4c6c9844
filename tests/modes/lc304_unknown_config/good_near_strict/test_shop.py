"""Settings that nobody reads, and failures that they would not mend."""

import pytest


@pytest.mark.asyncio
async def test_plain():
    assert 1 + 1 == 3


@pytest.fixture
def shop():
    raise LookupError("no shop")


def test_shop(shop):
    pass
