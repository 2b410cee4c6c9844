"""The exercise of LC310: a limit for every test of a press, set by a fixture.

The lesson shows a task group. Here it is a time limit, the other face of the fault: the remedies
that make the error go away also remove the limit, and every test stays green.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EACH_CHECKS,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    each_notices,
)
from loopcheck.lab.seen import Seen

PRESS = '''\
"""A printing press: it pulls one sheet after the other."""

import asyncio


class Press:
    async def pull(self, plate, sheets):
        pulled = []
        for number in range(sheets):
            await asyncio.sleep(0.01)
            pulled.append(f"{plate} {number + 1}")
        return pulled
'''

SKELETON = """\
import anyio
import pytest
import pytest_asyncio
from press import Press


@pytest_asyncio.fixture(autouse=True)
async def in_time():
    with anyio.fail_after(0.2):
        yield


@pytest.mark.asyncio
async def test_sheets_are_numbered():
    assert await Press().pull("lion", 2) == ["lion 1", "lion 2"]


@pytest.mark.asyncio
async def test_no_sheet_is_pulled_for_nothing():
    press = Press()
    assert await press.pull("swan", 0) == []
    assert await press.pull("swan", 1) == ["swan 1"]
"""

FILE, MOMENT, NUMBERED = "press.py", "asyncio.sleep(0.01)", 'pulled.append(f"{plate} {number + 1}")'
SLOW = "asyncio.sleep(0.4)"


def _went_on(seen: Seen) -> str | None:
    """Return how long a test ran that should have been ended after 0.2 seconds."""
    if seen.longest < 0.6:  # two sheets take 0.8
        return None
    return "the test of two sheets ran to its end, and the limit was noticed only then"


WRONG_TURNS = (
    WrongTurn(
        name="a plain fixture",
        did=lambda seen: seen.failed_with("NoEventLoopError", "no running event loop"),
        answer="A plain fixture runs where no loop runs, and a limit needs the loop of the task "
        "that it limits. Enter it in the task that runs the test.",
    ),
    WrongTurn(
        name="no limit is left",
        did=lambda seen: SLOW in seen.bugs and "passed" in seen.outcomes.values(),
        answer="The error is gone, and for a test so is the limit: a press that takes 0.4 s for a "
        "sheet is accepted. A scope can only cancel the task that entered it. Which task runs"
        " the test?",
    ),
    WrongTurn(
        name="anyio's plugin is not loaded",
        did=lambda seen: seen.failed_with("natively supported", "with no plugin or hook"),
        answer="No plugin runs this test or its fixture. `@pytest.mark.anyio` needs anyio's "
        'plugin: `pytest_plugins = ["anyio.pytest_plugin"]` in this file loads it.',
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test has no limit and pulls no sheet. Both can run.",
    ),
)

EXERCISE = Exercise(
    stem="lc310_split_scope",
    kind="mend the test",
    task="Both tests must pass, and if the press takes 0.4 s for a sheet, both must fail.",
    edits="test_press.py",
    skeleton=SKELETON,
    frozen={FILE: PRESS},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        each_notices("that a sheet takes 0.4 s", FILE, MOMENT, SLOW),
        Requirement(
            name="a test that is too slow is ended",
            unmet=_went_on,
            run=Run(planted=((FILE, MOMENT, SLOW),)),
            timed=True,
        ),
        each_notices("that no sheet is pulled", FILE, NUMBERED, "pass"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which task enters the `with` of the fixture, which one exits it, and which runs the test?",
        "The limit cancels the task that entered it. That task ran the first half of the fixture "
        "and has ended, so the limit could not stop the test even if nothing raised an error.",
        "Enter the limit in the task that runs the test: `with anyio.…(0.2):` inside "
        "each test, or a decorator of your own, `async def limited(*args): with …: return await "
        "test(*args)`, below the mark. Remove the fixture.",
    ),
    learned="You can tell which task owns a scope, and put a limit where it limits something.",
)
