"""LC402 async-mock-for-sync-call: the solution of the exercise, why it works, and another good way.

What was wrong: every call of a bare AsyncMock returns a coroutine. The office awaits only `commit`.
So `has_room()` was true whatever its `return_value` was, and the office returned a coroutine as the
number, which passed the `assert`. Only a warning showed it.

What changed: with the class as its spec the mock knows that only `commit` is an `async def`. A spec
does not know the return values, so the test sets them: True or False, and 7. Now there is something
to compare, and a test can try a ledger without room.

Another good way: `MagicMock(commit=AsyncMock())`, if there is no class for a spec. Or a small fake
with three plain methods and one `async def`: it is longer, and it makes nothing up.
"""

from unittest.mock import AsyncMock

import office
import pytest
from ledger import Ledger

pytestmark = pytest.mark.asyncio


@pytest.fixture
def ledger():
    ledger = AsyncMock(spec=Ledger)
    ledger.next_number.return_value = 7
    return ledger


async def test_an_umbrella_is_handed_in(ledger):
    ledger.has_room.return_value = True
    assert await office.hand_in(ledger, "umbrella") == 7
    ledger.add.assert_called_once_with(7, "umbrella")
    ledger.commit.assert_awaited_once()


async def test_a_full_office_takes_nothing(ledger):
    ledger.has_room.return_value = False
    assert await office.hand_in(ledger, "umbrella") is None
    ledger.add.assert_not_called()
