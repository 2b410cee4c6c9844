"""The exercise of LC106: two diffs make a station's tests pass, and one of them costs too much.

The lesson shows a client and the words of a mismatch. Here a task of the fixture is stuck while its
tests wait for it, and the only words are those of a TimeoutError. Both diffs bring test and task
onto one loop; what the fixture is for decides which of them is right.
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

BOARD = '''\
"""The board of a station: a task of its own writes on it what is announced."""

import asyncio


class Board:
    downloads = 0  # the timetable is large, and the operator counts

    async def __aenter__(self):
        Board.downloads += 1
        self.delays, self.news = {}, asyncio.Queue()
        self.writer = asyncio.create_task(self.write())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *error):
        self.writer.cancel()
        await asyncio.wait([self.writer])

    async def write(self):
        while True:
            train, minutes, shown = await self.news.get()
            self.delays[train] = minutes
            shown.set()

    async def announce(self, train, minutes):
        shown = asyncio.Event()
        self.news.put_nowait((train, minutes, shown))
        async with asyncio.timeout(0.5):
            await shown.wait()
'''

SKELETON = """\
import pytest
import pytest_asyncio
from board import Board

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture(scope="module")
async def board():
    async with Board() as board:
        yield board


async def test_a_train_is_late(board):
    await board.announce("IC 5", 7)
    assert board.delays["IC 5"] == 7


async def test_a_delay_is_taken_back(board):
    await board.announce("IC 9", 3)
    await board.announce("IC 9", 0)
    assert board.delays["IC 9"] == 0
"""

TWICE = "the operator refused a second download of the timetable"
COUNTS = "Board.downloads += 1"
STRICT = Run(
    planted=(
        (
            "board.py",
            COUNTS,  # the operator has a count of their own, which no test can set back
            f"{COUNTS}\n        assert not hasattr(asyncio, 'timetable'), '{TWICE}'\n"
            "        asyncio.timetable = Board.downloads",
        ),
    )
)


def _downloaded_again(seen: Seen) -> bool:
    return any(TWICE in words for words in seen.failures.values())


def _narrow(seen: Seen) -> bool:
    """True if pytest refused a loop that ends before its fixture does."""
    return any("ScopeMismatch" in words for words in seen.failures.values())


WRONG_TURNS = (
    WrongTurn(
        name="nobody counts",
        did=lambda seen: "Board.downloads += 2" in seen.bugs and seen.green,
        answer="The loops fit now. But with two downloads your tests pass as with one: no test of "
        "yours compares `Board.downloads` with the number it should be. That test is the "
        "proof that this diff is the right one.",
    ),
    WrongTurn(
        name="a board for each test",
        did=_downloaded_again,
        answer="Each test has its own board now, on its own loop, so it passes. But each test "
        "downloads the timetable. This diff is right where the object is cheap to make.",
    ),
    WrongTurn(
        name="a loop narrower than its fixture",
        did=_narrow,
        answer="A board that lives as long as the module cannot run on a loop that ends with one "
        "test, so pytest refuses it. You can make the loop of the tests wider instead.",
    ),
    WrongTurn(
        name="event_loop fixture",
        did=lambda seen: "event_loop" in seen.own_fixtures and bool(seen.failures),
        answer="pytest-asyncio 1.0 and later ignore your `event_loop` fixture without a warning, "
        "so no test runs on its loop. `loop_scope` decides which loop a test gets.",
    ),
    WrongTurn(
        name="caught error",
        did=lambda seen: (
            not seen.planted
            and any("KeyError" in words or "DID NOT" in words for words in seen.failures.values())
        ),
        answer="You catch the TimeoutError, and then the board shows nothing: its writer never "
        "ran. The writer is a task on the fixture's loop, and that loop doesn't run while the "
        "test does.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test hides the mismatch until somebody needs that test. Both "
        "can pass: the fault is in the loops, not in what the tests assert.",
    ),
)

EXERCISE = Exercise(
    stem="lc106_scope_mismatch",
    kind="choose between two diffs and prove it",
    task="Make every test pass, in any order. The timetable must be downloaded once in a run, "
    "and a test of yours must turn red when it is downloaded more often.",
    edits="test_board.py",
    skeleton=SKELETON,
    frozen={"board.py": BOARD},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="the timetable is downloaded once", unmet=first_not_passed, run=STRICT),
        notices("a second download", "board.py", COUNTS, "Board.downloads += 2"),
        notices("a delay that is not shown", "board.py", "self.delays[train] = minutes", "pass"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "On which loop does the board's writer run? On which loop do the tests run?",
        "Both diffs put them on one loop. The first makes a new board for each test. "
        "Board.downloads shows what that costs.",
        "Take the second diff: `pytestmark = pytest.mark.asyncio(loop_scope=…)`, with the scope "
        "that the fixture has. Then write the proof: `async def test_…(board): assert "
        "Board.downloads …`",
    ),
    learned="You can read a fixture's scopes in a diff, and choose the loop that fits them.",
    seconds=6.0,
)
