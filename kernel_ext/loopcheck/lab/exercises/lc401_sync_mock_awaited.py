"""The exercise of LC401: two diffs make the test of a tram line green, and one of them holds.

The lesson awaits one mocked call by name. Here `gather` awaits it, and its error doesn't mention
`await`. The wrong diff shows itself in a call that the first test does not depend on.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)
from loopcheck.lab.seen import Seen

SIGNAL_BOX = '''\
"""The signal box of a tram line. The real one turns switches in the street."""


class SignalBox:
    def is_free(self, track):
        raise OSError("no street here")

    async def turn(self, switch, side):
        raise OSError("no street here")
'''

LINE = '''\
"""A tram line: sets a route, if its track is free."""

import asyncio


async def set_route(box, track, switches, side):
    if not box.is_free(track):
        return False
    await asyncio.gather(*(box.turn(switch, side) for switch in switches))
    return True
'''

SKELETON = """\
from unittest.mock import MagicMock

import line
import pytest
from signal_box import SignalBox

pytestmark = pytest.mark.asyncio


@pytest.fixture
def box():
    return MagicMock()


async def test_the_switches_of_a_free_track_are_turned(box):
    box.is_free.return_value = True
    assert await line.set_route(box, "north", ["A", "B"], "left")
    box.turn.assert_any_await("A", "left")
    box.turn.assert_any_await("B", "left")
"""

FILE, ASKS = "line.py", "    if not box.is_free(track):"
GAVE = "a plain call gave something to await"
PLAIN = Run(
    planted=(
        (
            FILE,
            ASKS,
            "    free = box.is_free(track)\n    if hasattr(free, 'send'):\n        free.close()\n"
            f'        raise SystemError("{GAVE}: is_free(track)")\n    if not free:',
        ),
    )
)


def _dropped_by_a_double(seen: Seen) -> bool:
    return any("_execute_mock_call" in one["name"] for one in seen.dropped)


WRONG_TURNS = (
    WrongTurn(
        name="no proof",
        did=lambda seen: seen.green and "    if False:" in seen.bugs,
        answer="The mock fits the code now. But your tests pass with a line that never asks "
        "whether the track is free. Let a test have a track that is taken, and assert the answer, "
        "and that no switch was turned.",
    ),
    WrongTurn(
        name="everything async",
        did=lambda seen: seen.failed_with(GAVE) or _dropped_by_a_double(seen),
        answer="`is_free` of this mock returns a coroutine, too. The line does not await that one, "
        "and a coroutine counts as true: for this mock each track is free. That is LC402, the"
        " neighbour.",
    ),
    WrongTurn(
        name="nothing awaited",
        did=lambda seen: seen.failed_with("is not a valid assertion"),
        answer="A sync mock doesn't record awaits, so you cannot assert on them, whatever it "
        "returns. A call that the code awaits should be an AsyncMock.",
    ),
    WrongTurn(
        name="the real box",
        did=lambda seen: seen.failed_with("no street here", "'method' object has no attribute"),
        answer="This is the real signal box, and there is no street in a test. Use the class only "
        "as a spec: it tells the mock which of its methods are `async def`.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test turns no switch. It can pass: the fault is in one line "
        "of the fixture.",
    ),
)

EXERCISE = Exercise(
    stem="lc401_sync_mock_awaited",
    kind="choose between two diffs and prove it",
    task="Make every test pass, in any order; a test of yours must turn red when a route is "
    "set over a track that is taken.",
    edits="test_line.py",
    skeleton=SKELETON,
    frozen={"signal_box.py": SIGNAL_BOX, FILE: LINE},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="what the code calls without `await` is a plain mock",
            unmet=first_not_passed,
            run=PLAIN,
        ),
        notices("a route over a taken track", FILE, ASKS, "    if False:"),
        notices(
            "switches that are turned all the same",
            FILE,
            f"{ASKS}\n        return False",
            f"{ASKS}\n        await asyncio.gather(*(box.turn(one, side) for one in switches))\n"
            "        return False",
        ),
        notices("an `await` too many", FILE, ASKS, "    if not await box.is_free(track):"),
        notices("a switch that is not turned", FILE, "in switches)", "in switches[1:])"),
        notices("a route that is set and reported as refused", FILE, "return True", "return False"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "The line makes two calls on its box: which of them does it await? `gather` awaits, too.",
        "The line awaits `turn`, and not `is_free`. The first diff makes both async, the second "
        "copies the class. To prove it, a test needs a track that is not free.",
        "Take the second diff: `MagicMock(spec=…)`. Then write a test like the first, with "
        "`box.is_free.return_value = False`, which asserts that the answer is no and ends with "
        "`box.turn.assert_not_…()`.",
    ),
    learned="You can make each call of a mock sync or async, as the code under test expects.",
    seconds=6.0,
)
