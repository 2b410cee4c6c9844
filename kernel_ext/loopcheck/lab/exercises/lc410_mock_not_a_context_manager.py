"""The exercise of LC410: six doubles, and what the line of the code says to each.

The lesson enters a pool. Here nothing is to be mended: who knows what a call of each kind of double
gives can say before the run which words come. The tests run it, and compare.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

DOUBLES = '''\
"""A lighthouse is asked for its lamp. Six doubles of the lighthouse, each made by hand."""

from unittest.mock import AsyncMock, MagicMock, Mock


class Lighthouse:
    def lamp(self):
        """Return what is entered with `async with`."""

    async def keeper(self):
        """Return the keeper's name."""


bare = AsyncMock()

sync = MagicMock()

plain = Mock()

entered = AsyncMock()
entered.lamp.return_value.__aenter__.return_value = "the lamp"

opened = AsyncMock()
opened.lamp = MagicMock()

spec = AsyncMock(spec=Lighthouse)
'''

TESTS = """\
import doubles
import pytest
from prediction import says


async def light(lighthouse):
    try:
        async with lighthouse.lamp():
            return "it opens"
    except (TypeError, AttributeError) as error:
        return "coroutine" if "'coroutine'" in str(error) else "Mock"


@pytest.mark.asyncio
@pytest.mark.parametrize("name", ["bare", "sync", "plain", "entered", "opened", "spec"])
async def test_what_is_said(name):
    found = await light(getattr(doubles, name))
    if says[name] != found:
        pytest.fail(f"{name}: it is not {says[name]!r}")
"""

SKELETON = """\
# `async with lighthouse.lamp():` is run with each double. Say "it opens", or whose fault the
# error names: "coroutine" or "Mock".
says = {
    "bare": "?",
    "sync": "?",
    "plain": "?",
    "entered": "?",
    "opened": "?",
    "spec": "?",
}
"""

WRONG_TURNS = (
    WrongTurn(
        name="async means enterable",
        did=lambda seen: seen.failed_with("bare: it is not 'it opens'"),
        answer="An AsyncMock can be entered, but nobody enters it here. Its method is called, that "
        "gives a coroutine, and this coroutine is to be entered.",
    ),
    WrongTurn(
        name="configured means enterable",
        did=lambda seen: seen.failed_with("entered: it is not 'it opens'"),
        answer="What is set there belongs to the result of the call, which comes out when somebody "
        "awaits. Nobody does: what is entered is still the coroutine.",
    ),
    WrongTurn(
        name="sync means not enterable",
        did=lambda seen: seen.failed_with(
            "sync: it is not 'Mock'", "sync: it is not 'cor", "opened: it is not 'cor"
        ),
        answer="A MagicMock has `__aenter__` and `__aexit__`, made async by itself. Its call gives "
        "another MagicMock at once, and that one can be entered.",
    ),
    WrongTurn(
        name="Mock is MagicMock",
        did=lambda seen: seen.failed_with("plain: it is not 'it opens'"),
        answer="`Mock` has none of the methods with two underscores; `MagicMock` has. That is what "
        "its first half says.",
    ),
    WrongTurn(
        name="a spec of an AsyncMock",
        did=lambda seen: seen.failed_with("spec: it is not 'cor"),
        answer="With a spec the class decides, method by method. `lamp` is a plain `def` there, so "
        "its double is sync, although the whole is an AsyncMock.",
    ),
)

EXERCISE = Exercise(
    stem="lc410_mock_not_a_context_manager",
    kind="diagnose only",
    task="For each of the six doubles you say what the line meets: every test passes.",
    edits="prediction.py",
    skeleton=SKELETON,
    frozen={"doubles.py": DOUBLES, "test_prediction.py": TESTS},
    requirements=(
        all_there(6),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "a lamp that became an `async def`",
            "doubles.py",
            "    def lamp(self):",
            "    async def lamp(self):",
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Two steps each time: what does the call `lighthouse.lamp()` give, and can one enter that?",
        "A method of an AsyncMock gives a coroutine, whatever was set on its return value. A "
        "method of a MagicMock gives a MagicMock, which can be entered; of a Mock a Mock, which "
        "cannot.",
        "Two of the six meet a coroutine: `bare` and one more. One meets a Mock. The other three "
        "open: in `opened` the one method was made sync by hand, in `spec` by …, and the third is "
        "sync altogether.",
    ),
    learned="You can say what `async with` meets, for each kind of double, before it runs.",
)
