"""The exercise of LC304: tests that set everything themselves and hide that the settings are lost.

The lesson shows tests that fail without their settings. Here the tests pass with and without them,
which is worse: the settings also apply to tests that somebody writes tomorrow. The learner writes a
test that notices.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)
from loopcheck.lab.seen import Seen

TOX = """\
[testenv]
deps = pytest-asyncio

[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = module
asyncio_default_test_loop_scope = module
"""

PYPROJECT = """\
[project]
name = "cheese-counter"
"""

COUNTER = '''\
"""A cheese counter. Whoever comes takes a number."""

import asyncio


class Counter:
    def __init__(self):
        self.number = 0

    async def draw(self):
        await asyncio.sleep(0)  # the machine prints
        self.number += 1
        return self.number
'''

SKELETON = """\
import pytest
from counter import Counter

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_first_number_is_one():
    assert await Counter().draw() == 1


async def test_the_next_number_is_higher():
    counter = Counter()
    assert await counter.draw() < await counter.draw()
"""

INI, MODE, SCOPE = "tox.ini", "asyncio_mode = auto", "asyncio_default_test_loop_scope = module"
MISSPELT_MODE, MISSPELT_SCOPE = "asyncio-mode = auto", "asyncio_defualt_test_loop_scope = module"
NAME = 'name = "cheese-counter"\n'
SECOND = f"{NAME}\n[tool.pytest.ini_options]\nlog_level = 'INFO'\n"


def _missed(seen: Seen, bug: str) -> bool:
    """True if every test passed although *bug* was there."""
    return bug in seen.bugs and seen.green


WRONG_TURNS = (
    WrongTurn(
        name="the words are still there",
        did=lambda seen: _missed(seen, "[tool:pytest]") and len(seen.collected or ()) > 2,
        answer="Your tests notice a misspelt name, and not a section that pytest does not read: "
        "its lines are still in the file. Ask pytest itself which value it uses.",
    ),
    WrongTurn(
        name="one setting of two",
        did=lambda seen: _missed(seen, MISSPELT_SCOPE),
        answer="Your tests check the mode, but not the loop scope: with its name misspelt each "
        "test runs on its own loop again, without a warning.",
    ),
    WrongTurn(
        name="the file is read",
        did=lambda seen: _missed(seen, SECOND),
        answer="tox.ini is right, and pytest reads another file. A test that opens the file only "
        "sees what is written there; ask pytest itself which value it uses.",
    ),
    WrongTurn(
        name="only the command line",
        did=lambda seen: (
            not seen.planted and any("assert None == 'auto'" in it for it in seen.failures.values())
        ),
        answer="`getoption` returns what the command line set, here nothing. `getini` returns a "
        "value that a file sets.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A test that skips when the settings are missing is silent on the very day it is "
        "there for.",
    ),
)

EXERCISE = Exercise(
    stem="lc304_unknown_config",
    kind="write the test that catches the planted bug",
    task="The tests must pass, and turn red when pytest does not read one of the two settings:"
    " the mode or the loop scope of tests.",
    edits="test_counter.py",
    skeleton=SKELETON,
    frozen={INI: TOX, "pyproject.toml": PYPROJECT, "counter.py": COUNTER},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a misspelt mode", INI, MODE, MISSPELT_MODE),
        notices("a misspelt loop scope", INI, SCOPE, MISSPELT_SCOPE),
        notices("a section that pytest does not read", INI, "[pytest]", "[tool:pytest]"),
        notices("another file that is read instead", "pyproject.toml", NAME, SECOND),
        notices("a number that is drawn twice", "counter.py", "self.number += 1", "pass"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at the line below the imports. What would these tests report if tox.ini were empty?",
        "The mark sets for each test what the settings set for all of them, so the tests never "
        "need the settings. Either make the tests depend on the settings, or ask pytest which "
        "values it uses.",
        "Ask pytest: `def test_the_settings_are_read(pytestconfig):`, and in it `assert "
        'pytestconfig.getini("asyncio_mode") == …`, and the same for the loop scope. Or remove '
        "the mark, and let two tests compare the loops they run on.",
    ),
    learned="You can tell which file pytest reads, and notice when it ignores a setting.",
)
