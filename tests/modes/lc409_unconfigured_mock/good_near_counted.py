"""The calls of a mock are counted: pytest shows the mock, and nobody compares it."""

from unittest.mock import AsyncMock

import pytest

pytestmark = pytest.mark.asyncio


async def test_it_was_asked_once_and_is_empty():
    api, cache = AsyncMock(), {"ada": 1}
    await api.get("ada")
    assert api.get.await_count == 1 and not cache
