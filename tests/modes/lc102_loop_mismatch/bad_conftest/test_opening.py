"""One file for each loop; the session fixture of conftest.py is shared by both."""

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_shop_opens(shop):
    assert await shop["store"].set("shop", "open")
