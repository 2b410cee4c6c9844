"""LC404 patched-wrong-name: the solution of the exercise, why it works, and one other good way.

What was wrong: all three tests replaced names of `bank`. Only `cancel` looks its function up there.
`sell` looks up `take`, a name of the till's own since `from bank import charge as take`. And
`sell_online` looks up an entry of `ONLINE`, which took the function when the till was imported. So
two tests charged a real card, and the bank answered with the same word as the double.

What changed: each double stands where its function is looked up. For a name that is `patch`, for an
entry of a dict `patch.dict`. Both put back what was there. The test of `cancel` stays as it was.

Another good way: `monkeypatch.setattr(till, "take", charge)` and
`monkeypatch.setitem(till.ONLINE, "card", charge)`, or change the till so that it asks `bank.charge`
each time. Then one patch, `patch("bank.charge", …)`, is right for everybody.
"""

from unittest.mock import AsyncMock, patch

import pytest
import till

pytestmark = pytest.mark.asyncio


async def test_two_seats_are_sold():
    with patch("till.take", AsyncMock(return_value="done")) as charge:
        assert await till.sell("Ada", 2) == "done"
    charge.assert_awaited_once_with("Ada", 18)


async def test_two_seats_are_cancelled():
    with patch("bank.give_back", AsyncMock(return_value="done")) as give_back:
        assert await till.cancel("Ada", 2) == "done"
    give_back.assert_awaited_once_with("Ada", 18)


async def test_a_seat_is_sold_online():
    charge = AsyncMock(return_value="done")
    with patch.dict(till.ONLINE, card=charge):
        assert await till.sell_online("Ada", 1) == "done"
    charge.assert_awaited_once_with("Ada", 10)
