"""The exercise of LC409: a ferry's mock makes up two answers, once a word and once the number 1.

The lesson shows a made-up value in an assert. Here one shows up there, and the other has become a
number before anybody could see it: the test even expects the result of it.
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
        name="never full",
        did=lambda seen: seen.green and "sold > PLACES" in seen.bugs,
        answer="A ferry that sells one place too many passes your tests: let it be exactly full in "
        "one of them. A name that the code doesn't read, as `cuont`, sets nothing, and an "
        "assertion without its parentheses asserts nothing.",
    ),
    WrongTurn(
        name="the name of the mock",
        did=lambda seen: seen.failed_with("<MagicMock n"),
        answer="The owner is a MagicMock, and her `name` is still made up: the argument `name=` "
        "of a mock names the mock, it doesn't set the attribute. A plain object with a `name` has "
        "no trap of that kind.",
    ),
    WrongTurn(
        name="the made-up 1",
        did=lambda seen: seen.failed_with(f"{MADE_UP}: count"),
        answer="Your tests contain a number that nobody set: `int()` of a mock is 1. So the ferry "
        "had sold one place, whatever the fixture meant.",
    ),
    WrongTurn(
        name="sealed and not filled",
        did=lambda seen: seen.failed_with("AttributeError: mock."),
        answer="The sealed mock refuses every name that you didn't set, and the error names it. "
        "Set what the ferry needs, before you seal the mock.",
    ),
    WrongTurn(
        name="a coroutine for an object",
        did=lambda seen: seen.failed_with("'coroutine'", "'await' expression", "can't be awaited"),
        answer="The ferry awaits what `count`, `owner` and `add` return, and nothing else: LC401 "
        "and LC402 tell the two kinds apart.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test sells no place.",
    ),
)

EXERCISE = Exercise(
    stem="lc409_unconfigured_mock",
    kind="mend the test",
    task="Make every test pass, in any order, on configured answers; a ferry that sells one "
    "place too many, or does not keep a car, must turn one red.",
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
        notices(
            "another car that is kept",
            FILE,
            'store.add("cars", plate)',
            'store.add("cars", "HH-0")',
        ),
        notices("a place that is sold twice", FILE, "{sold + 1}", "{sold}"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "The ferry reads two answers from its store. Which of them did the fixture set?",
        "Neither. The name is a mock, as the failure shows. So is the number: `int(…)` of a mock "
        "is 1. The second test misspells `count`, and its last line asserts nothing.",
        "Set both answers in the fixture: `store.count.return_value = …` and "
        '`store.owner.return_value = SimpleNamespace(name="Ada")`, then `seal(store)`. Set `add` '
        "before that too, because the ferry calls it. The full ferry: count 40, the answer is …, "
        "and `store.add` was not awaited.",
    ),
    learned="You can make a mock return what you set, and nothing else.",
)
