"""Patched where it is defined, used where it was imported: with, decorator, monkeypatch."""

# name: checkout.connect
# findings: 3

from unittest.mock import AsyncMock, patch

import checkout
import pytest
import rates


def fake_client():
    return AsyncMock(get=AsyncMock(return_value=b"2"))


@pytest.mark.asyncio
async def test_with_patch():
    with patch("rates.connect", AsyncMock(return_value=fake_client())):  # LC404
        assert await checkout.price(10, "EUR") == 20


@pytest.mark.asyncio
@patch("rates.connect", new_callable=AsyncMock)  # LC404
async def test_decorated(connect):
    connect.return_value = fake_client()
    assert await checkout.price(10, "EUR") == 20


@pytest.mark.asyncio
async def test_monkeypatched(monkeypatch):
    async def connect():
        return fake_client()

    monkeypatch.setattr(rates, "connect", connect)  # LC404
    assert await checkout.price(10, "EUR") == 20
