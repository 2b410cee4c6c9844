"""The exercise of LC403: a green test of a circuit breaker that never runs one.

In the lesson the mock replaces a retry, and the test is red. Here it replaces the breaker itself
and replays a breaker's answers, so the test is green whatever the breaker does.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

COURIER = '''\
"""Asks a courier for prices. After three failures in a row he is left in peace."""


class LeftInPeace(Exception):
    pass


class Courier:
    def __init__(self, line):
        self.line, self.failures = line, 0

    async def price(self, parcel):
        if self.failures >= 3:
            raise LeftInPeace(parcel)
        try:
            price = await self.line.ask(parcel)
        except ConnectionError:
            self.failures += 1
            raise
        self.failures = 0
        return price
'''

SKELETON = """\
from unittest.mock import AsyncMock, patch

import pytest
from courier import Courier, LeftInPeace

pytestmark = pytest.mark.asyncio


async def test_after_three_failures_he_is_left_in_peace():
    answers = [ConnectionError(), ConnectionError(), ConnectionError(), LeftInPeace()]
    with patch.object(Courier, "price", AsyncMock(side_effect=answers)) as price:
        courier = Courier(line=None)
        for _ in range(3):
            with pytest.raises(ConnectionError):
                await courier.price("books")
        with pytest.raises(LeftInPeace):
            await courier.price("books")
    assert price.await_count == 4
"""

FILE, OPEN = "courier.py", "self.failures >= 3"
COUNTS, RAISES = "self.failures += 1", "            raise LeftInPeace(parcel)\n"
ASKED = f"            await self.line.ask(parcel)\n{RAISES}"
RESET = "        self.failures = 0\n        return"

WRONG_TURNS = (
    WrongTurn(
        name="no count from zero",
        did=lambda seen: seen.green and "self.failures >= 2" in seen.bugs,
        answer="A courier who is left in peace after two failures passes, too: no test sees him "
        "after exactly two. Let the failures come one by one, from the line, and look at him "
        "after each.",
    ),
    WrongTurn(
        name="counts by hand",
        did=lambda seen: seen.planted and seen.green and seen.bugs == ("pass",),
        answer="With this bug the courier counts no failure at all, and your tests pass. Do they "
        "set the count themselves? Let the failures come from below: it is the line that breaks "
        "down.",
    ),
    WrongTurn(
        name="nobody listens at the line",
        did=lambda seen: seen.planted and seen.green and ASKED in seen.bugs,
        answer="The courier asks the line a fourth time and throws the answer away. The exception "
        "alone does not show that. The mock of the line counts its calls.",
    ),
    WrongTurn(
        name="never well again",
        did=lambda seen: seen.planted and seen.green and "        return" in seen.bugs,
        answer="Three failures in a row: a success between them starts a new row. A list of side "
        "effects can hold errors and answers in any order.",
    ),
    WrongTurn(
        name="no line",
        did=lambda seen: seen.failed_with(
            "'NoneType' object has no attribute", "'await' expression", "can't be awaited"
        ),
        answer="Now the real courier runs, and he awaits his line. Give him one whose `ask` can "
        "be awaited, and fails when you want it to.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test notices nothing.",
    ),
)

EXERCISE = Exercise(
    stem="lc403_mock_bypasses_logic",
    kind="write the test that catches the planted bug",
    task="Every test must pass, in any order, with the courier as he is, and at least one must"
    " turn red with each bug that is put into him.",
    edits="test_courier.py",
    skeleton=SKELETON,
    frozen={FILE: COURIER},
    requirements=(
        all_there(1),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a courier who is never left in peace", FILE, OPEN, "False"),
        notices("a courier who is left too early", FILE, OPEN, "self.failures >= 2"),
        notices("failures that nobody counts", FILE, COUNTS, "pass"),
        notices("a courier who still asks the line", FILE, RAISES, ASKED),
        notices("a success that does not count", FILE, RESET, "        return"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What does the mock replace, and which lines of `courier.py` still run in the test?",
        "None of `price` runs: the mock returns the answers that the test wrote down for it. The "
        "real `price` asks the line, so a failure has to come from the line.",
        "Remove the patch, and pass in a line: `line = AsyncMock()`, with `line.ask.side_effect = "
        "[ConnectionError(), …]`. Three failures, then `LeftInPeace`, and `line.ask.await_count` "
        "is still …; a second test has a success between its failures.",
    ),
    learned="You can inject a fault below the layer that a test is about, and keep that layer "
    "real.",
)
