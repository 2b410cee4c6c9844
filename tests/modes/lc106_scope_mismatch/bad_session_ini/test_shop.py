async def test_jam_is_sold(shop):
    assert await shop.store.incr("jam") == 1


async def test_bread_is_sold(shop):
    assert await shop.store.incr("bread") == 1
