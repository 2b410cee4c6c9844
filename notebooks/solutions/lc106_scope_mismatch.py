"""LC106 scope-mismatch: the solution of the exercise, why it works, and one other good way.

What was wrong: the board is a module-scoped fixture, so its writer runs on the module's loop. Each
test ran on its own loop. While no test runs on a loop, that loop stands still: the writer wrote
nothing, and the wait for it timed out. The error did not mention loops.

What changed: the second diff. The tests run on the module's loop, as the board does, so its writer
runs while they wait. The first diff passes as well, but creates a board for each test, and
downloads the timetable each time. The new test tells the two apart: it is red with the first diff.

Another good way: set both scopes, here and at the fixture, so that a reader sees them agree:
`@pytest_asyncio.fixture(scope="module", loop_scope="module")`. For many files that share the board,
use `session` in both places, or `asyncio_default_test_loop_scope` in the ini.
"""

import pytest
import pytest_asyncio
from board import Board

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


async def test_the_timetable_is_downloaded_once(board):
    assert Board.downloads == 1
