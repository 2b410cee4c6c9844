"""LC405 mocked-sleep: the solution of the exercise, why it works, and one other good way.

What was wrong: two tests really waited, 31 seconds and 7. A mock of the sleep removes the pauses.
Then the keeper of the second shop never runs between two rings, so `deliver` gives up. And the
third test never ends, because its timer never runs either.

What changed: a fake that records the pauses, and yields to the loop through the real sleep. Each
pause is now one turn of the loop: enough for the keeper, and for the timer. The first test does not
measure the time any more. It asserts the five pauses, which is also more exact.

Another good way: give the code a seam, `deliver(shop, order, sleep=asyncio.sleep)`, and pass the
same fake. Then no name is replaced at all, and no other code can call the fake.
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
