"""Answers to the exercise of LC303: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc303_async_test_not_run import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_seats: Failed: async def functions are not natively supported.",
)

MARK = "@pytest.mark.asyncio\n"
SEATS = ("async def test_seats", f"{MARK}async def test_seats")
WRAPPER = (
    "    def wrapper():\n        test()\n        return test()\n",
    "    async def wrapper():\n        await test()\n        await test()\n",
)
CLASS = ("unittest.TestCase", "unittest.IsolatedAsyncioTestCase")
YIELD = ("    yield\n", "")
changed = partial(in_text, text=SKELETON)

RIGHT = {
    "each in its own way": changed(SEATS, WRAPPER, CLASS, YIELD),
    "a mark for the module, and no decorator": changed(
        ("from ferry import ask\n", "from ferry import ask\n\npytestmark = pytest.mark.asyncio\n"),
        ("@twice\n", ""),
        CLASS,
        YIELD,
    ),
    "loops by hand": """
import asyncio
from ferry import ask

def answer(what):
    return asyncio.run(ask(what))

def test_fare():
    assert answer("fare") == 4

def test_seats():
    assert answer("seats") == 80

def test_delay():
    assert [answer("delay"), answer("delay")] == [0, 0]

def test_boat():
    assert answer("boat") == "Mary"

def test_pier():
    assert answer("pier") == 2
""",
    "a class of pytest's, and what was behind the yield in a fixture": """
import pytest
import pytest_asyncio
from ferry import ask

pytestmark = pytest.mark.asyncio

@pytest_asyncio.fixture
async def pier():
    yield await ask("pier")

class TestFerry:
    async def test_fare(self):
        assert await ask("fare") == 4

    @pytest.mark.parametrize("time", [1, 2])
    async def test_delay(self, time):
        assert await ask("delay") == 0

    async def test_boat(self):
        assert await ask("boat") == "Mary"

    async def test_pier(self, pier):
        assert pier == 2

    async def test_seats(self):
        assert await ask("seats") == 80
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "marks alone": (
        changed(SEATS),
        "every test",
        "a plain function",
    ),
    "a mark for the module": (
        changed(("import ask\n", "import ask\n\npytestmark = pytest.mark.asyncio\n")),
        "every test",
        "a plain function",
    ),
    "a wrapper that is async and awaits nothing": (
        changed(SEATS, ("    def wrapper", "    async def wrapper"), CLASS, YIELD),
        "wrong answers",
        "",
    ),
    "the yield stays": (
        changed(SEATS, WRAPPER, CLASS),
        "every test",
        "async generator",
    ),
    "the class stays": (
        changed(SEATS, WRAPPER, YIELD),
        "wrong answers",
        "drops the coroutine",
    ),
    "the class is marked": (
        changed(SEATS, WRAPPER, YIELD, ("class TestHarbour", f"{MARK}class TestHarbour")),
        "wrong answers",
        "drops the coroutine",
    ),
    "not async any more, and nothing awaited": (
        changed(
            WRAPPER,
            CLASS,
            YIELD,
            (
                'async def test_seats():\n    assert await ask("seats") == 80',
                "def test_seats():\n    assert ask('seats')",
            ),
        ),
        "wrong answers",
        "",
    ),
    "skipped": (
        changed(WRAPPER, CLASS, YIELD, (SEATS[0], f"@pytest.mark.skip\n{SEATS[0]}")),
        "every test",
        "",
    ),
}
