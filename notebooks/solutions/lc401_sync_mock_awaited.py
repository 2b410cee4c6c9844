"""LC401 sync-mock-awaited: the solution of the exercise, why it works, and one other good way.

What was wrong: `gather` awaits its arguments, and a MagicMock returned another MagicMock. The
message, `An asyncio.Future, a coroutine or an awaitable is required`, names neither.

What changed: the second diff. With the class as its spec the mock knows that `turn` is an
`async def` and `is_free` is not. The first diff makes the first test green as well. But there
`is_free` returns a coroutine, which counts as true whatever its `return_value` is. The new test
shows the difference: with the first diff it is red.

Another good way: `create_autospec(SignalBox, instance=True)`, which also checks the arguments. Or,
if there is no class for a spec, by hand: `MagicMock(turn=AsyncMock())`.
"""

from unittest.mock import MagicMock

import line
import pytest
from signal_box import SignalBox

pytestmark = pytest.mark.asyncio


@pytest.fixture
def box():
    return MagicMock(spec=SignalBox)


async def test_the_switches_of_a_free_track_are_turned(box):
    box.is_free.return_value = True
    assert await line.set_route(box, "north", ["A", "B"], "left")
    box.turn.assert_any_await("A", "left")
    box.turn.assert_any_await("B", "left")


async def test_a_taken_track_is_left_alone(box):
    box.is_free.return_value = False
    assert not await line.set_route(box, "north", ["A", "B"], "left")
    box.turn.assert_not_called()
