"""Nobody takes what the call gives, but its error is what became the answer."""

# name: shop.charge
# findings: 2
from unittest.mock import AsyncMock, patch

import pytest
from shop import Shop

pytestmark = pytest.mark.asyncio


@pytest.fixture
def charge():
    with patch("gate.charge", AsyncMock()) as charge:  # LC404
        yield charge


async def test_pay(charge):
    assert await Shop().pay(5) == "paid"


@patch("gate.charge", new_callable=AsyncMock)  # LC404
async def test_paid(charge):
    done = await Shop().paid(5)
    assert done is True
