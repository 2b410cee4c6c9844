import pytest
from ledger.book import Overdrawn

pytestmark = pytest.mark.asyncio


async def test_a_new_book_is_empty(book):
    assert await book.balance("cash") == 0


@pytest.mark.parametrize("cents", [1, 99, 2_500])
async def test_what_is_posted_is_in_the_account(book, cents):
    await book.post(cash=cents)
    assert await book.balance("cash") == cents


@pytest.mark.parametrize("people", [1, 3, 7])
async def test_a_bill_is_split_to_the_last_cent(book, people):
    names = [f"person_{number}" for number in range(people)]
    await book.split(1_000, *names)
    shares = [await book.balance(name) for name in names]
    assert sum(shares) == -1_000
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize("cents", [1, 100])
async def test_a_transfer_moves_money(book, cents):
    await book.post(cash=100)
    await book.transfer("cash", "bank", cents)
    assert await book.balance("cash") == 100 - cents
    assert await book.balance("bank") == cents


@pytest.mark.parametrize("cents", [101, 5_000])
async def test_nobody_gives_what_is_not_there(book, cents):
    await book.post(cash=100)
    with pytest.raises(Overdrawn):
        await book.transfer("cash", "bank", cents)
    assert await book.balance("cash") == 100
