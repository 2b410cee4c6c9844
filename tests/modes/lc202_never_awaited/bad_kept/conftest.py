import pytest
from shop import Shop, open_prices


@pytest.fixture
def shop():
    return Shop(open_prices())  # LC202
