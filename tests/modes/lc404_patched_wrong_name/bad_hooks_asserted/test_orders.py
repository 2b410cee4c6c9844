"""The name that the module imported is replaced, and its list of hooks keeps the function."""

# name: orders.AFTER

from unittest.mock import AsyncMock

import orders
import pytest


@pytest.mark.asyncio
async def test_an_order_is_written(monkeypatch):
    write = AsyncMock()
    monkeypatch.setattr("orders.write", write)  # LC404
    await orders.place(7)
    assert write.await_count == 1
