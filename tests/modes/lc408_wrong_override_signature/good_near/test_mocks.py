"""A mock handed to a route's function directly is not FastAPI's business."""

from unittest.mock import Mock

import catalogue
import pytest


@pytest.mark.asyncio
async def test_called_by_hand():
    store = Mock()
    store.__getitem__ = Mock(return_value=2)
    found = await catalogue.books("emma", store=store, size=1)
    assert found == {"found": 3, "size": 1}
