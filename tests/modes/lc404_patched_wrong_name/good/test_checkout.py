"""Patched where it is looked up; what all share is replaced once for all."""

from unittest.mock import AsyncMock, patch

import checkout
import pytest
from valkey.asyncio import Valkey


@pytest.mark.asyncio
async def test_where_it_is_used():
    client = AsyncMock(get=AsyncMock(return_value=b"2"))
    with patch("checkout.connect", AsyncMock(return_value=client)):
        assert await checkout.price(10, "EUR") == 20


@pytest.mark.asyncio
async def test_the_class_object_itself(monkeypatch):
    async def execute_command(self, *args, **options):
        return b"2"

    monkeypatch.setattr(Valkey, "execute_command", execute_command)
    assert await checkout.price(10, "EUR") == 20
