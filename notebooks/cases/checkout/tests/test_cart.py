import pytest
from shop.carts import total


@pytest.mark.asyncio
class TestCart:
    async def test_an_article_comes_into_it(self, web, store):
        answer = await web.post("/cart/ada", json={"article": "tea", "pieces": 2})
        assert answer.json() == {"tea": 2}
        store.pipeline().hincrby.assert_called_once_with("cart:ada", "tea", 2)

    async def test_it_is_kept_for_a_day(self, web, store):
        await web.post("/cart/ada", json={"article": "tea", "pieces": 2})
        store.pipeline().expire.assert_called_once_with("cart:ada", 86400)

    async def test_an_unknown_article_is_refused(self, web):
        answer = await web.post("/cart/ada", json={"article": "spoon", "pieces": 1})
        assert answer.status_code == 404

    async def test_less_than_one_piece_is_refused(self, web):
        answer = await web.post("/cart/ada", json={"article": "tea", "pieces": 0})
        assert answer.status_code == 422


def test_delivery_is_added():
    assert total({"tea": 2}) == 900 + 490


def test_from_fifty_euros_on_delivery_is_free():
    assert total({"pot": 1, "cup": 2}) == 5000
