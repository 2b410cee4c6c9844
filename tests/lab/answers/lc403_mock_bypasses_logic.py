"""Answers to the exercise of LC403: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc403_mock_bypasses_logic import SKELETON

SKELETON_SAYS = ("the tests notice a courier who is never left in peace", "every test still passed")

HEAD = """
from unittest.mock import AsyncMock
import pytest
from courier import Courier, LeftInPeace

pytestmark = pytest.mark.asyncio

async def fails(courier):
    with pytest.raises(ConnectionError):
        await courier.price("books")
"""
ROW = """
async def test_three():
    line = AsyncMock()
    line.ask.side_effect = ConnectionError
    courier = Courier(line)
    for _ in range(3):
        await fails(courier)
    with pytest.raises(LeftInPeace):
        await courier.price("books")
    assert line.ask.await_count == 3
"""
ANEW = """
async def test_anew():
    line = AsyncMock()
    line.ask.side_effect = [ConnectionError(), ConnectionError(), 5, ConnectionError(), 6]
    courier = Courier(line)
    await fails(courier)
    await fails(courier)
    assert await courier.price("books") == 5
    await fails(courier)
    assert await courier.price("books") == 6
"""

RIGHT = {
    "two tests": HEAD + ROW + ANEW,
    "a line of its own, and one test": """
import asyncio
from courier import Courier, LeftInPeace

class Line:
    def __init__(self, *plan):
        self.plan = list(plan)

    async def ask(self, parcel):
        await asyncio.sleep(0)
        if self.plan.pop(0):
            return 7
        raise ConnectionError(parcel)

async def outcomes(line, times):
    courier = Courier(line)
    for _ in range(times):
        try:
            yield await courier.price("shoes")
        except (ConnectionError, LeftInPeace) as error:
            yield type(error)

def test_the_breaker():
    line = Line(0, 0, 1, 0, 0, 0, 1)

    async def run():
        return [one async for one in outcomes(line, 8)]

    broken = ConnectionError
    assert asyncio.run(run()) == [
        broken, broken, 7, broken, broken, broken, LeftInPeace, LeftInPeace
    ]
    assert line.plan == [1]
""",
    "what the line calls is patched": HEAD.replace("import AsyncMock", "import AsyncMock, patch")
    + """
@pytest.fixture
def ask():
    class Line:
        async def ask(self, parcel):
            raise SystemError("a real call")
    with patch.object(Line, "ask", AsyncMock()) as ask:
        ask.courier = Courier(Line())
        yield ask

@pytest.mark.parametrize("before", [[], [5], [ConnectionError, ConnectionError, 5]])
async def test_three_in_a_row(ask, before):
    ask.side_effect = [*before, *[ConnectionError] * 3, 9]
    for one in before:
        if one == 5:
            assert await ask.courier.price("books") == 5
        else:
            await fails(ask.courier)
    for _ in range(3):
        await fails(ask.courier)
    with pytest.raises(LeftInPeace):
        await ask.courier.price("books")
    assert ask.await_count == len(before) + 3
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the count set by hand": (
        HEAD
        + """
async def test_peace():
    line = AsyncMock()
    courier = Courier(line)
    courier.failures = 2
    await courier.price("books")
    courier.failures = 3
    with pytest.raises(LeftInPeace):
        await courier.price("books")
""",
        "failures that nobody counts",
        "Let the failures come from below",
    ),
    "the line is not counted": (
        HEAD
        + ROW.replace("    assert line.ask.await_count == 3\n", "").replace(
            "= ConnectionError\n", "= [ConnectionError] * 3 + [9]\n"
        )
        + ANEW,
        "still asks the line",
        "The courier asks the line",
    ),
    "one row only": (HEAD + ROW, "a success", "them starts a new row"),
    "no line": (
        in_text(
            (
                'with patch.object(Courier, "price", AsyncMock(side_effect=answers)) as price:',
                "if True:",
            ),
            ("    assert price.await_count == 4\n", ""),
            text=SKELETON,
        ),
        "every test",
        "Give him one whose `ask` can be awaited",
    ),
    "a sync line": (
        HEAD.replace("AsyncMock", "MagicMock as AsyncMock") + ANEW,
        "every test",
        "whose `ask` can be awaited",
    ),
    "another double of the same": (
        SKELETON.replace("patch.object(Courier, ", "patch('courier.Courier.").replace(
            '\'courier.Courier."price", ', "'courier.Courier.price', "
        ),
        "never left in peace",
        "",
    ),
    "skipped": (
        SKELETON.replace("async def", "@pytest.mark.skip\nasync def"),
        "every test",
        "notices nothing",
    ),
}
