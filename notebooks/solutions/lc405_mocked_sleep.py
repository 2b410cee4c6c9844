"""LC405 mocked-sleep: the solution of the exercise, why it works, and one other good way.

What was wrong: two tests waited for real, 31 seconds and 7. A mock in place of the sleep makes the
pauses vanish. Then the keeper of the second shop has no turn between two rings, so `deliver` gives
up; and the third test never ends, since its timer has no turn either.

What changed: a double that keeps what it was asked for, and gives way with the real sleep. Each
pause is one turn of the loop now: enough for the keeper, and for the timer. The first test does not
measure the time any more. It asks for the five pauses, which is also more exact.

Another good way: let the code have a seam, `deliver(shop, order, sleep=asyncio.sleep)`, and pass
the same double in. Then no name is replaced at all, and nobody else can meet the double.
"""

import asyncio

import pytest
import webhook
from shop import Shop

pytestmark = pytest.mark.asyncio


@pytest.fixture
def pauses(monkeypatch):
    asked, real = [], asyncio.sleep

    async def sleep(seconds):
        asked.append(seconds)
        await real(0)

    monkeypatch.setattr(webhook.asyncio, "sleep", sleep)
    return asked


async def test_it_gives_up_after_five(pauses):
    shop = Shop()
    with pytest.raises(webhook.GaveUp):
        await webhook.deliver(shop, "order 7")
    assert shop.rings == 5
    assert pauses == [1, 2, 4, 8, 16]


async def test_a_shop_that_opens_is_served(pauses):
    shop = Shop(opens_after=3)
    assert await webhook.deliver(shop, "order 7") == "thanks"


async def test_a_timeout_still_ends_it(pauses):
    shop = Shop()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await webhook.deliver_for_sure(shop, "order 7")
