"""The exercise of LC202: a museum's tests are green, and would be green without a museum.

The lesson shows calls on lines of their own. Here calls are also in conditions and in a generator
expression, where adding `await` is not enough.
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
from loopcheck.lab.seen import Seen

MUSEUM = '''\
"""A museum at night: each door has a lock that turns slowly, and a sensor."""

import asyncio


class Museum:
    def __init__(self, *doors):
        self.doors = doors
        self.locked = set()

    async def lock(self, door):
        await asyncio.sleep(0)  # the key turns
        self.locked.add(door)

    async def is_locked(self, door):
        await asyncio.sleep(0)  # the sensor answers
        return door in self.locked

    async def is_open(self, door):
        return not await self.is_locked(door)

    async def alarm(self):
        return [door for door in self.doors if await self.is_open(door)]
'''

SKELETON = """\
import pytest
from museum import Museum

pytestmark = pytest.mark.asyncio


async def test_one_door_is_locked_and_the_other_open():
    museum = Museum("north", "south")
    museum.lock("north")
    assert museum.is_locked("north")
    assert museum.is_open("south")


async def test_at_night_every_door_is_locked():
    museum = Museum("north", "south")
    for door in museum.doors:
        museum.lock(door)
    assert all(museum.is_locked(door) for door in museum.doors)


async def test_the_alarm_names_an_open_door():
    museum = Museum("north", "south")
    museum.lock("north")
    assert museum.alarm() != []
"""

FILE = "museum.py"
SLOW = Run(
    planted=(
        (FILE, "asyncio.sleep(0)  # the key turns", "asyncio.sleep(0.05)"),
        (FILE, "asyncio.sleep(0)  # the sensor answers", "asyncio.sleep(0.01)"),
    )
)


def _dropped(seen: Seen, method: str) -> bool:
    """True if a call of *method* was dropped."""
    return any(one["name"].endswith(f".{method}") for one in seen.dropped)


def _still_dropped(seen: Seen) -> str | None:
    """Return the call whose coroutine never ran."""
    if not seen.dropped:
        return None
    one = seen.dropped[0]
    where = f"in {one['test']} " if one["test"] else ""
    return f"{where}a coroutine of {one['name']} was made and never awaited"


WRONG_TURNS = (
    WrongTurn(
        name="all() awaited",
        did=lambda seen: seen.failed_with("object bool can't be used in 'await'"),
        answer="`all` is a plain function: it returns True or False, and nothing can await that. "
        "It looked at coroutines, which are all true. Await each call, and give `all` a list of "
        "the answers.",
    ),
    WrongTurn(
        name="only the checks",
        did=lambda seen: (
            not seen.planted and seen.failed_with("assert False") and _dropped(seen, "lock")
        ),
        answer="The checks run now, and they are right: nothing was locked. `museum.lock(…)` alone "
        "on its line makes a coroutine, and nothing runs it.",
    ),
    WrongTurn(
        name="only the locks",
        did=lambda seen: (
            seen.planted
            and seen.green
            and bool(seen.dropped)
            and _dropped(seen, "is_locked")
            and not _dropped(seen, "lock")
            and "await museum.lock(" in seen.answer
        ),
        answer="The doors are locked now: those calls are awaited. The checks are not. `assert "
        "museum.is_locked(…)` asserts a coroutine, and that is true whatever the sensor would"
        " say.",
    ),
    WrongTurn(
        name="made into tasks",
        did=lambda seen: bool(seen.lost or seen.left),
        answer="A call that you turn into a task starts later, and its error stays in the task: "
        "the test ends without looking at it. `await` waits, and raises the error in the test.",
    ),
    WrongTurn(
        name="silenced",
        did=lambda seen: seen.green and bool(seen.dropped) and not seen.told,
        answer="You silenced the warning, and it was the only sign that the call did not run. It "
        "still does not run.",
    ),
    WrongTurn(
        name="warnings as errors",
        did=lambda seen: not seen.planted and seen.failed_with("raisable"),
        answer="Now a dropped coroutine turns a test red, which is worth keeping. The error shows "
        "where to look; the line there needs an `await`.",
    ),
    WrongTurn(
        name="asyncio.run inside",
        did=lambda seen: seen.failed_with("cannot be called from a running event loop"),
        answer="The test already runs on a loop, so `asyncio.run` refuses to start another one "
        "inside it. Where a loop runs, `await` is enough.",
    ),
    WrongTurn(
        name="all() of an async generator",
        did=lambda seen: seen.failed_with("'async_generator' object is not iterable"),
        answer="An `await` inside turns the expression into an async generator, which `all` "
        "cannot read. Square brackets make it a list, which is complete before `all` reads it.",
    ),
    WrongTurn(
        name="hollow",
        did=lambda seen: (
            any("OSError" in bug for bug in seen.bugs)
            and {*seen.outcomes.values()} == {"failed", "passed"}
        ),
        answer="Every test of this museum has to query a sensor. A test that passes while the "
        "sensor is broken queried nothing, or caught the error.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test proves as little as before. All three can run and prove "
        "something.",
    ),
)

EXERCISE = Exercise(
    stem="lc202_never_awaited",
    kind="write the test that catches the planted bug",
    task="All three tests must pass, also in a slow museum, and turn red when a lock or the "
    "alarm is broken; each of them must turn red when the sensor is.",
    edits="test_museum.py",
    skeleton=SKELETON,
    frozen={FILE: MUSEUM},
    requirements=(
        all_there(3),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        notices("a lock that does not turn", FILE, "self.locked.add(door)", "pass"),
        notices(
            "a key that locks every door at once",
            FILE,
            "self.locked.add(door)",
            "self.locked.update(self.doors)",
        ),
        notices(
            "a key that turns in the first door only",
            FILE,
            "self.locked.add(door)",
            "self.locked.add(self.doors[0])",
        ),
        notices("an alarm that stays silent", FILE, "if await self.is_open(door)", "if False"),
        each_notices(
            "a sensor that is out of order",
            FILE,
            "return door in self.locked",
            'raise OSError("no answer")',
        ),
        Requirement(name="they pass in a slow museum, too", unmet=first_not_passed, run=SLOW),
        ANY_ORDER,
        Requirement(name="every coroutine is run", unmet=_still_dropped, run=ANY_ORDER.run),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each call in the tests: is it an `async def`? Then what does the call return?",
        "A coroutine runs none of its lines until you await it, and `if`, `assert` and `all` "
        "treat it as true. Seven calls in these tests make one and drop it.",
        "`await museum.lock(…)` on a line of its own, `assert await museum.is_locked(…)` in a "
        "condition. For all doors make a list first: `all([await … for door in museum.doors])`",
    ),
    learned="You can tell a test that passes from a test that did not run.",
)
