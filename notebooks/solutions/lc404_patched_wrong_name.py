"""LC404 patched-wrong-name: the solution of the exercise, why it works, and one other good way.

What was wrong: all three tests replaced names of `bank`. Only `cancel` looks its function up there.
`sell` looks up `take`, a name of the till itself since `from bank import charge as take`. And
`sell_online` looks up an entry of `ONLINE`, which got the function when the till was imported. So
two tests charged a real card, and the bank returned the same word as the mock.

What changed: each mock replaces the name that the code looks up. For a name use `patch`, for an
entry of a dict `patch.dict`. Both restore the original. The test of `cancel` stays as it was.

Another good way: `monkeypatch.setattr(till, "take", charge)` and
`monkeypatch.setitem(till.ONLINE, "card", charge)`. Or change the till so that it looks up
`bank.charge` each time. Then one patch, `patch("bank.charge", …)`, works for all callers.
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
