"""The exercise of LC312: an orchard for trio, whose tests and fixture run on asyncio.

The lesson has asyncio's code on trio, and a fixture that is missing. Here it is the other way
round: the code is trio's and frozen, and a fixture needs the same library as its tests.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    each_notices,
    first_not_passed,
    notices,
)

INI = """\
[pytest]
addopts = -p anyio.pytest_plugin
asyncio_mode = strict
asyncio_default_fixture_loop_scope = function
"""

ORCHARD = '''\
"""An orchard: its pickers work at the same time, each at a tree. Written for trio."""

import trio


class Orchard:
    def __init__(self, trees):
        self.trees = trees
        self.basket = []

    async def pick(self):
        async with trio.open_nursery() as nursery:
            for tree in range(self.trees):
                nursery.start_soon(self.picker, tree)
        return len(self.basket)

    async def picker(self, tree):
        await trio.sleep(0)
        self.basket.append(tree)

    async def close(self):
        await trio.sleep(0)
        self.basket.clear()
'''

SKELETON = """\
import pytest
import pytest_asyncio
from orchard import Orchard


@pytest_asyncio.fixture
async def orchard():
    orchard = Orchard(trees=3)
    yield orchard
    await orchard.close()


@pytest.mark.asyncio
async def test_every_tree_gives_an_apple(orchard):
    assert await orchard.pick() == 3


@pytest.mark.asyncio
async def test_each_picker_has_a_tree(orchard):
    await orchard.pick()
    assert sorted(orchard.basket) == [0, 1, 2]
"""

FILE, TREES, PUTS = "orchard.py", "range(self.trees)", "self.basket.append(tree)"
CLEARS, STUCK = "self.basket.clear()", 'raise RuntimeError("the gate is stuck")'
RESTS = f"await trio.sleep(0)\n        {PUTS}"
ROOT = "assert trio.lowlevel.current_root_task()"  # which only trio's own loop has
MORE = Run(planted=((FILE, RESTS, RESTS.replace("await", f"{ROOT}\n        await")),))

WRONG_TURNS = (
    WrongTurn(
        name="every library",
        did=lambda seen: any(
            "[asyncio]" in test and outcome == "failed" for test, outcome in seen.outcomes.items()
        ),
        answer="anyio's plugin runs a test on each library that is installed, and asyncio always "
        "is. A fixture `anyio_backend` says which one.",
    ),
    WrongTurn(
        name="a plugin that is not there",
        did=lambda seen: seen.failed_with("natively support"),
        answer="No plugin of this run takes an async test or its fixture with that mark. "
        "pytest-trio is not loaded. anyio's plugin is, and it can run trio.",
    ),
    WrongTurn(
        name="the fixture is on asyncio",
        did=lambda seen: (
            not seen.planted
            and seen.failed_with("bad yield")
            and "asyncio.run(" not in seen.answer  # then the tests are on asyncio, too
        ),
        answer="The tests are on trio now. Which plugin runs the fixture, and on which library?",
    ),
    WrongTurn(
        name="never closed",
        did=lambda seen: seen.bugs == (STUCK,) and seen.green,
        answer="The tests are on trio, and the orchard stays open: the fixture has to await "
        "`close`, on trio as well.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test picks no apple. Both can run.",
    ),
    WrongTurn(
        name="another library called trio",
        did=lambda seen: seen.bugs == (MORE.planted[0][2],) and not seen.green,
        answer="The orchard runs, and not on trio: what your file puts in its place has only what "
        "the orchard used so far. anyio's plugin can run the real one.",
    ),
)

EXERCISE = Exercise(
    stem="lc312_wrong_backend",
    kind="mend the test",
    task="Both tests must pass on trio, and their fixture must close the orchard. Each test must "
    "fail when nobody picks, and one when only one tree is picked.",
    edits="test_orchard.py",
    skeleton=SKELETON,
    frozen={"pytest.ini": INI, FILE: ORCHARD},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        each_notices("pickers that pick nothing", FILE, PUTS, "pass"),
        each_notices("an orchard that can't be closed", FILE, CLEARS, STUCK),
        notices("an orchard with one tree", FILE, TREES, "range(1)"),
        Requirement(name="an orchard that uses more of trio", unmet=first_not_passed, run=MORE),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which library does `orchard.py` import, and which one do the marks ask for?",
        "Three lines give the tests and their fixture to pytest-asyncio, which knows no trio. "
        "`pytest.ini` loads another plugin, which does.",
        "anyio's plugin runs tests with `@pytest.mark.…`, and for them each async "
        '`@pytest.fixture`. A fixture `anyio_backend` returns "…", the name of the library.',
    ),
    learned="You can tell which library runs a test and its fixtures, and choose another one.",
)
