"""The exercise of LC104: a lighthouse whose two tests need two kinds of loops.

The lesson has one kind of loop that all tests need. Here one policy for all, set early enough,
mends one test and breaks the other: the answer must choose a loop for each test. A module imitates
Windows and its two kinds of loops, since neither kind can do everything there.
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
from loopcheck.lab.seen import Seen

WINDOWS = '''\
"""Plays Windows: it has two kinds of loops, and neither can do all."""

import asyncio


class Selector(asyncio.SelectorEventLoop):
    """Has readers, and starts no children."""

    subprocess_exec = asyncio.AbstractEventLoop.subprocess_exec


class Proactor(asyncio.SelectorEventLoop):
    """What you get if you ask for nothing. Starts children, and has no readers."""

    add_reader = asyncio.AbstractEventLoop.add_reader


class SelectorPolicy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Selector


class ProactorPolicy(asyncio.DefaultEventLoopPolicy):
    _loop_factory = Proactor


asyncio.SelectorEventLoop, asyncio.ProactorEventLoop = Selector, Proactor
asyncio.WindowsSelectorEventLoopPolicy = SelectorPolicy
asyncio.WindowsProactorEventLoopPolicy = ProactorPolicy
asyncio.set_event_loop_policy(ProactorPolicy())
'''

TEST_LAMP = """\
import asyncio
import sys

import pytest
import windows


@pytest.mark.asyncio
async def test_a_child_turns_the_lamp():
    assert type(asyncio.get_running_loop()) in (windows.Selector, windows.Proactor)
    turn = [sys.executable, "-S", "-c", "print('round')"]
    child = await asyncio.create_subprocess_exec(*turn, stdout=asyncio.subprocess.PIPE)
    said, _ = await child.communicate()
    assert said.split() == [b"round"]
"""

TEST_HORN = """\
import asyncio
import os

import pytest
import windows


@pytest.mark.asyncio
async def test_a_ship_is_heard():
    loop = asyncio.get_running_loop()
    assert type(loop) in (windows.Selector, windows.Proactor)
    sea, ship = os.pipe()
    heard = asyncio.Event()
    loop.add_reader(sea, heard.set)
    os.write(ship, b"ahoy")
    async with asyncio.timeout(1):
        await heard.wait()
    loop.remove_reader(sea)
"""

SKELETON = """\
import asyncio

import pytest
import windows  # this machine


@pytest.fixture(autouse=True)
def readers():
    asyncio.set_event_loop_policy(asyncio.WindowsSelectorEventLoopPolicy())
"""

LAMP, HORN = "test_a_child_turns_the_lamp", "test_a_ship_is_heard"
REFUSED = "NotImplementedError"


def _refused(seen: Seen, test: str) -> bool:
    return REFUSED in seen.failures.get(test, "")


REBUILT = "the loops are not those of this machine any more"
KINDS = "assert type(loop) in (windows.Selector, windows.Proactor)"
AS_THEY_WERE = f"""\
{KINDS}
    none = asyncio.AbstractEventLoop
    assert windows.Proactor.add_reader is none.add_reader, "{REBUILT}"
    assert windows.Selector.subprocess_exec is none.subprocess_exec, "{REBUILT}\""""
WRONG_TURNS = (
    WrongTurn(
        name="the machine rebuilt",
        did=lambda seen: seen.failed_with(REBUILT),
        answer="Your code gives a loop what it does not have. On Windows there is no such method "
        "to give: choose for each test the loop that can do what it needs.",
    ),
    WrongTurn(
        name="readers for all",
        did=lambda seen: _refused(seen, LAMP) and HORN not in seen.failures,
        answer="The ship is heard now, and the lamp has stopped: every test got a selector loop, "
        "which can't start child processes here. Each of the two needs its own kind.",
    ),
    WrongTurn(
        name="the default for all",
        did=lambda seen: _refused(seen, HORN) and not seen.policies and LAMP not in seen.failures,
        answer="Without that fixture nothing changes, because it had no effect: both tests run on "
        "the default loop. The ship needs a loop that has readers.",
    ),
    WrongTurn(
        name="both kinds for both",
        did=lambda seen: any(test.endswith("]") for test in seen.failures),
        answer="Each test ran once on each kind of loop, and each fails on one of them. "
        "pytest-asyncio calls the hook for every test, with `item`: return the one kind that this "
        "test needs.",
    ),
    WrongTurn(
        name="another machine",
        did=lambda seen: any("assert" in words for words in seen.failures.values()),
        answer="That loop can do everything, and this machine doesn't have it. Use "
        "`asyncio.SelectorEventLoop` or `asyncio.ProactorEventLoop` when the hook is called.",
    ),
    WrongTurn(
        name="too late",
        did=lambda seen: (
            (len(set(seen.policies)) > 1 or len(seen.policies) == 1)
            and _refused(seen, HORN)
            and LAMP not in seen.failures
        ),
        answer="However often a fixture sets a policy, and however early, it comes too late: "
        "pytest-asyncio read the policy at the start, and the test's loop already exists.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A lighthouse needs both, its lamp and its horn, and this machine can run both "
        "tests: each on a loop of its own kind.",
    ),
)

EXERCISE = Exercise(
    stem="lc104_loop_policy",
    kind="mend the test",
    task="Make both tests pass, in any order, each on a loop of this machine that can do what "
    "the test needs.",
    edits="conftest.py",
    skeleton=SKELETON,
    frozen={"test_lamp.py": TEST_LAMP, "test_horn.py": TEST_HORN, "windows.py": WINDOWS},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="the loops are as the machine has them",
            unmet=first_not_passed,
            run=Run(planted=(("test_horn.py", KINDS, AS_THEY_WERE),)),
        ),
        notices("a ship that is not heard", "test_horn.py", 'os.write(ship, b"ahoy")', "pass"),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Look at what each of the two tests needs from its loop, and which kind of loop on this "
        "machine has it.",
        "The fixture comes too late, so both tests run on `Proactor`. It starts child processes "
        "and has no readers; `Selector` is the other way round. No one kind serves both tests.",
        "Choose the loop for each test when pytest collects it, in the hook: `def "
        "pytest_asyncio_loop_factories(config, item):`, and in it `if item.path.name == …: return "
        '{"…": asyncio.SelectorEventLoop}`, else the other kind.',
    ),
    learned="You can give each test the kind of loop that it needs, before the loop is made.",
    seconds=6.0,
)
