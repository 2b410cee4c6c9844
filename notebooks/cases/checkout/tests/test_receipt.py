import pytest

pytestmark = pytest.mark.asyncio


async def test_it_has_a_number_and_the_sum(buy):
    assert await buy() == {"receipt": "receipt 7", "cents": 5000}


async def test_the_bank_gets_the_card_and_the_sum(buy, bank):
    await buy()
    bank.charge.assert_called_once_with("4000-0000", 5000)


async def test_then_the_cart_is_empty(buy, store):
    await buy()
    store.delete.assert_awaited_once_with("cart:ada")
