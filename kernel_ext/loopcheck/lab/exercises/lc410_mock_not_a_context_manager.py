"""The exercise of LC410: six mocks, and what `async with` does with each.

The lesson enters a pool. Here there is nothing to mend: a learner who knows what a call of each
kind of mock returns can predict the error. The tests run the line, and compare.
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
"""Six mocks of a lighthouse, each made by hand. The code enters the lighthouse's lamp."""

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
        answer="You can enter an AsyncMock, but this line doesn't enter it. It calls its method, "
        "which returns a coroutine, and then tries to enter that coroutine.",
    ),
    WrongTurn(
        name="configured means enterable",
        did=lambda seen: seen.failed_with("entered: it is not 'it opens'"),
        answer="That setting belongs to the result of the call, which you only get by awaiting. "
        "Nothing awaits it here: the line still enters the coroutine.",
    ),
    WrongTurn(
        name="sync means not enterable",
        did=lambda seen: seen.failed_with(
            "sync: it is not 'Mock'", "sync: it is not 'cor", "opened: it is not 'cor"
        ),
        answer="A MagicMock has `__aenter__` and `__aexit__`, which are async without any "
        "setting. Its call returns another MagicMock at once, and you can enter that one.",
    ),
    WrongTurn(
        name="Mock is MagicMock",
        did=lambda seen: seen.failed_with("plain: it is not 'it opens'"),
        answer="`Mock` has none of the magic methods, those with two underscores; `MagicMock` has "
        "them. That is what the first half of its name means.",
    ),
    WrongTurn(
        name="a spec of an AsyncMock",
        did=lambda seen: seen.failed_with("spec: it is not 'cor"),
        answer="With a spec the class decides, method by method. `lamp` is a plain `def` there, "
        "so its mock is sync, although the whole is an AsyncMock.",
    ),
)

EXERCISE = Exercise(
    stem="lc410_mock_not_a_context_manager",
    kind="diagnose only",
    task="For each of the six mocks, say what the line gets, so that every test passes.",
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
        "Two steps each time: what does the call `lighthouse.lamp()` return, and can you enter "
        "that?",
        "A method of an AsyncMock returns a coroutine, whatever you set on its return value. A "
        "method of a MagicMock returns a MagicMock, which you can enter; a method of a Mock "
        "returns a Mock, which you can't.",
        "In two of the six the line meets a coroutine: `bare` and one more. In one it meets a "
        "Mock. The other three open: in `opened` the one method is sync by hand, in `spec` "
        "because of …, and the third is sync altogether.",
    ),
    learned="You can tell what `async with` meets, for each kind of mock, before it runs.",
)
