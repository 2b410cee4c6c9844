"""It fails here, but this file is not the one to change."""

# name: shop["store"] | store
import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_shop_is_open(shop):
    assert await shop["store"].get("shop") == b"open"
