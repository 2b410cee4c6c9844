"""The exercise of LC409: a ferry's double answers what nobody told it, once as a word, once as 1.

The lesson shows a made-up value in an assert. Here one is seen there, and another has become a
number before anybody could see it: the test even expects what comes of it.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    notices,
)

FERRY = '''\
"""Sells places for cars on a ferry, and says who has which place."""

PLACES = 40


async def sell(store, plate):
    sold = int(await store.count("cars"))
    if sold >= PLACES:
        return "full"
    owner = await store.owner(plate)
    await store.add("cars", plate)
    return f"{owner.name}: place {sold + 1}"
'''

SKELETON = """\
from unittest.mock import AsyncMock

import ferry
import pytest

pytestmark = pytest.mark.asyncio


@pytest.fixture
def store():
    return AsyncMock()


async def test_a_place_is_sold(store):
    assert await ferry.sell(store, "HH-1") == "Ada: place 2"


async def test_a_full_ferry_sells_none(store):
    store.cuont.return_value = 40
    await ferry.sell(store, "HH-1")
    store.assert_awaited_once
"""

FILE, COUNTED = "ferry.py", 'sold = int(await store.count("cars"))'
NAMED = '    return f"{owner.name}: place {sold + 1}"'
MADE_UP = "nobody said what is to be there"
ASKED = Run(
    planted=(
        (
            FILE,
            COUNTED,
            'sold = await store.count("cars")\n    if "mock" in type(sold).__module__:\n'
            f'        raise SystemError("{MADE_UP}: count")\n    sold = int(sold)',
        ),
        (
            FILE,
            NAMED,
            '    if "mock" in type(owner.name).__module__:\n'
            f'        raise SystemError("{MADE_UP}: owner.name")\n{NAMED}',
        ),
    )
)

WRONG_TURNS = (
    WrongTurn(
        name="the name of the mock",
        did=lambda seen: seen.failed_with("<MagicMock n"),
        answer="The owner is a MagicMock, and her `name` is still made up: `name=`, given when a "
        "mock is made, is how the mock is called, not its attribute. A plain object with a `name` "
        "has no such trap.",
    ),
    WrongTurn(
        name="the made-up 1",
        did=lambda seen: seen.failed_with(f"{MADE_UP}: count"),
        answer="There is a number in a test that nobody put there: asked for an int, a mock is 1. "
        "So the ferry had sold one place, whatever the fixture meant.",
    ),
    WrongTurn(
        name="sealed and not filled",
        did=lambda seen: seen.failed_with("AttributeError: mock."),
        answer="Sealed, the double refuses what nobody told it, and says which name. Say what is "
        "to be there, before it is sealed.",
    ),
    WrongTurn(
        name="a coroutine for an object",
        did=lambda seen: seen.failed_with("'coroutine'", "'await' expression", "can't be awaited"),
        answer="The ferry awaits what `count`, `owner` and `add` give, and nothing else: LC401 and "
        "LC402 tell the two kinds apart.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A test that is set aside sells no place.",
    ),
)

EXERCISE = Exercise(
    stem="lc409_unconfigured_mock",
    kind="mend the test",
    task="Every test passes, in any order, on answers that somebody gave; a ferry that sells one "
    "place too many, or does not keep a car, turns one red.",
    edits="test_ferry.py",
    skeleton=SKELETON,
    frozen={FILE: FERRY},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(name="no answer is made up", unmet=first_not_passed, run=ASKED),
        notices("a place too many", FILE, "sold >= PLACES", "sold > PLACES"),
        notices("a car that is not kept", FILE, 'await store.add("cars", plate)', "pass"),
        notices("a place that is sold twice", FILE, "{sold + 1}", "{sold}"),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at what the ferry reads from its store: two answers. Which of them did the fixture "
        "give?",
        "Neither. The name is a mock, as the failure shows. The number is one, too: `int(…)` of a "
        "mock is 1. The second test misspells `count`, and its last line asks for nothing.",
        "Give both answers in the fixture: `store.count.return_value = …` and "
        '`store.owner.return_value = SimpleNamespace(name="Ada")`, then `seal(store)`. Say `add` '
        "before that, as it is called. The full ferry: count 40, the answer is …, and "
        "`store.add` was not awaited.",
    ),
    learned="You can have a double say what you told it, and nothing else.",
)
