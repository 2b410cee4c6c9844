"""The session that is left open is the library's, though the shop makes one, too."""

import feeds
import pytest
from shop import Shop


@pytest.mark.asyncio
async def test_the_news_of_the_shop():
    shop = Shop()
    await shop.open()
    assert await feeds.newest()
    await shop.close()
