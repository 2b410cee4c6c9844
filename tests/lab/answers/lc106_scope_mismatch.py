"""Answers to the exercise of LC106: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc106_scope_mismatch import SKELETON

SKELETON_SAYS = ("every test runs and passes", "test_a_train_is_late: TimeoutError")

MARK = "pytestmark = pytest.mark.asyncio\n"
MODULE = 'pytestmark = pytest.mark.asyncio(loop_scope="module")\n'
SESSION = 'pytestmark = pytest.mark.asyncio(loop_scope="session")\n'
FIXTURE = '@pytest_asyncio.fixture(scope="module")'
PROOF = "\n\nasync def test_one_download(board):\n    assert Board.downloads == 1\n"
FIRST = 'await board.announce("IC 5", 7)'


def changed(*pairs: tuple[str, str], proof: str = PROOF) -> str:
    """Return the skeleton with changes, each of which must find its place, and a proof."""
    text: str = in_text(*pairs, text=SKELETON)
    return text + proof


RIGHT = {
    "the second diff and a test": changed((MARK, MODULE)),
    "both scopes said": changed((MARK, MODULE), (FIXTURE, FIXTURE[:-1] + ', loop_scope="module")')),
    "the session's loop for all": changed(
        (MARK, SESSION), (FIXTURE, '@pytest_asyncio.fixture(scope="session")')
    ),
    "a module board on the session's loop": changed(
        (MARK, SESSION), (FIXTURE, FIXTURE[:-1] + ', loop_scope="session")')
    ),
    "the proof inside of a test": changed(
        (MARK, MODULE), (FIRST, f"assert Board.downloads == 1\n    {FIRST}"), proof=""
    ),
    "a class, with marks of its own": """
import pytest
import pytest_asyncio
import board

@pytest_asyncio.fixture(scope="class", loop_scope="class")
async def station():
    async with board.Board() as one:
        yield one
        assert board.Board.downloads == 1

@pytest.mark.asyncio(loop_scope="class")
class TestStation:
    async def test_late(self, station):
        await station.announce("S 1", 2)
        assert station.delays == {"S 1": 2}

    async def test_on_time(self, station):
        await station.announce("S 1", 2)
        await station.announce("S 1", 0)
        assert not station.delays["S 1"]
""",
}

EVENT_LOOP = """import asyncio
import pytest

@pytest.fixture(scope="module")
def event_loop():
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()

"""

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the first diff, no proof": (
        changed((FIXTURE, "@pytest_asyncio.fixture"), proof=""),
        "downloaded once",
        "Each test has its own",
    ),
    "the first diff, a proof that fits it": (
        changed(
            (FIXTURE, "@pytest_asyncio.fixture"),
            proof="\n\nasync def test_downloads(board):\n    assert Board.downloads >= 1\n",
        ),
        "downloaded once",
        "Each test has its own",
    ),
    "the second diff, no proof": (
        changed((MARK, MODULE), proof=""),
        "a second download",
        "no test of yours",
    ),
    "a proof that cannot fail": (
        changed((MARK, MODULE), proof=PROOF.replace("== 1", ">= 1")),
        "a second download",
        "no test of yours compares",
    ),
    "a loop for each test said": (
        changed((FIXTURE, FIXTURE[:-1] + ', loop_scope="function")')),
        "every test",
        "You can make the loop",
    ),
    "the fixture alone on the session's loop": (
        changed((FIXTURE, FIXTURE[:-1] + ', loop_scope="session")')),
        "every test",
        "",
    ),
    "the tests alone on the session's loop": (changed((MARK, SESSION)), "every test", ""),
    "event_loop fixture": (EVENT_LOOP + changed(), "every test", "decides which loop a test"),
    "caught": (
        changed((FIRST, f"try:\n        {FIRST}\n    except TimeoutError:\n        pass")),
        "every test",
        "its writer never ran",
    ),
    "expected to fail": (
        changed((MARK, "pytestmark = [pytest.mark.asyncio, pytest.mark.xfail]\n")),
        "every test",
        "A skipped or xfailed test hides the",
    ),
    "asserts taken out": (
        changed((MARK, MODULE), ('assert board.delays["IC 5"] == 7', "pass")).replace(
            'assert board.delays["IC 9"] == 0', "pass"
        ),
        "a delay that is not shown",
        "",
    ),
}
