async def test_price_is_set(cache):
    assert await cache.set("price", 3)


class TestPrices:
    async def test_price_is_read(self, cache):
        assert await cache.get("price") == b"3"

    async def test_price_is_read_again(self, cache):
        assert await cache.get("price") == b"3"
