from unittest.mock import AsyncMock, patch

import pytest


@pytest.fixture
def rate():
    with patch("shop.rates.get_rate", AsyncMock(return_value=2.0)) as rate:  # LC404
        yield rate


@pytest.fixture(autouse=True)
def signs(monkeypatch):
    double = AsyncMock(return_value="$")
    monkeypatch.setattr("shop.rates.get_sign", double)  # LC404
    return double


@pytest.fixture
def name(monkeypatch):
    monkeypatch.setattr("shop.rates.get_name", AsyncMock(return_value="dollar"))  # LC404
