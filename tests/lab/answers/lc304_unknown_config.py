"""Answers to the exercise of LC304: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc304_unknown_config import SKELETON

SKELETON_SAYS = ("the tests notice a misspelt mode", "every test still passed")

MARK = 'pytestmark = pytest.mark.asyncio(loop_scope="module")\n'
BARE = SKELETON.replace(MARK, "")
MODE = """

async def test_mode(pytestconfig):
    assert pytestconfig.getini("asyncio_mode") == "auto"
"""
SCOPE = """

async def test_scope(request):
    assert request.config.getini("asyncio_default_test_loop_scope") == "module"
"""
LOOPS = """
import asyncio
import pytest
from counter import Counter

loops = []

@pytest.mark.parametrize("people", [1, 3])
async def test_numbers(people):
    counter = Counter()
    assert [await counter.draw() for _ in range(people)][-1] == people
    loops.append(asyncio.get_running_loop())
    assert len({id(loop) for loop in loops}) == 1
"""
FIXTURE = """
import pytest
from counter import Counter

WANTED = {"asyncio_mode": "auto", "asyncio_default_test_loop_scope": "module"}

@pytest.fixture(autouse=True)
def settings(pytestconfig):
    assert {name: pytestconfig.getini(name) for name in WANTED} == WANTED

async def test_first():
    assert await Counter().draw() == 1

async def test_second():
    counter = Counter()
    await counter.draw()
    assert await counter.draw() == 2
"""
TEXT = """

import configparser

async def test_text():
    ini = configparser.ConfigParser()
    ini.read("tox.ini")
    assert ini["pytest"]["asyncio_mode"] == "auto"
    assert ini["pytest"]["asyncio_default_test_loop_scope"] == "module"
"""

RIGHT = {
    "asked in two tests": SKELETON + MODE + SCOPE,
    "the tests need them": LOOPS,
    "a fixture for all": FIXTURE,
    "no marks, and one question": BARE + SCOPE,
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "no marks": (BARE, "a misspelt loop scope", "but not the loop scope"),
    "only the mode": (SKELETON + MODE, "a misspelt loop scope", "but not the loop scope"),
    "only the scope": (SKELETON + SCOPE, "a misspelt mode", ""),
    "the text of the file": (SKELETON + TEXT, "another file", "pytest reads another file"),
    "the command line": (
        SKELETON + MODE.replace("getini", "getoption"),
        "every test",
        "returns what the command line",
    ),
    "skipped without them": (
        SKELETON
        + MODE.replace("    assert", "    if not").replace('"auto"', '"auto":')
        + '        pytest.skip("no settings")\n',
        "a misspelt mode",
        "on the very day it is there",
    ),
    "asserts taken out": (
        (SKELETON + MODE + SCOPE)
        .replace("assert await counter.draw() <", "await counter.draw(),")
        .replace("assert await Counter().draw() == 1", "await Counter().draw()"),
        "drawn twice",
        "",
    ),
}
