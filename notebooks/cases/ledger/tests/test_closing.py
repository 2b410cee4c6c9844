import asyncio

import pytest
import pytest_asyncio
from ledger import closing

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def flat(book):
    """A book with some money in it, and April behind it."""
    await book.post(bank=100, cash=50)
    await closing.close(book, "April", "bank", "cash")
    return book


async def test_a_month_is_closed_with_what_is_there(flat):
    assert await closing.closed(flat, "April") == {"bank": 100, "cash": 50}


async def test_a_closed_month_stays_as_it_is(flat):
    await flat.post(cash=7)
    assert await closing.closed(flat, "April") == {"bank": 100, "cash": 50}


async def test_the_next_month_begins_with_the_rest(flat):
    await flat.transfer("bank", "cash", 40)
    await closing.close(flat, "May", "bank", "cash")
    assert await closing.closed(flat, "May") == {"bank": 60, "cash": 90}


async def test_money_that_moves_meanwhile_is_counted_once(flat):
    moving = flat.transfer("cash", "bank", 30)
    await asyncio.gather(closing.close(flat, "May", "bank", "cash"), moving)
    assert sum((await closing.closed(flat, "May")).values()) == 150
