import pytest
from shop.bank import Refused

pytestmark = pytest.mark.asyncio


class TestPaying:
    async def test_a_second_click_is_not_charged(self, buy, store, bank):
        store.set.side_effect = [True, None]
        await buy()
        await buy(status=409)
        bank.charge.assert_called_once()

    async def test_an_order_is_remembered_for_a_day(self, buy, store):
        await buy()
        store.set.assert_awaited_once_with("order:A-1", "taken", nx=True, ex=86400)


class TestPaying:
    async def test_a_refused_card_leaves_the_cart(self, buy, store, bank):
        bank.charge.side_effect = Refused
        await buy(status=402)
        store.delete.assert_not_awaited()

    async def test_a_cart_of_yesterday_is_not_charged(self, buy, store, bank):
        store.hgetall.return_value = {}
        await buy(status=409)
        bank.charge.assert_not_called()

    async def test_a_card_is_needed(self, web, bank):
        answer = await web.post("/checkout/ada", json={"number": "A-1"})
        assert answer.status_code == 422
        bank.charge.assert_not_called()
