"""The exercise of LC301: a swimming pool with two async fixtures that no plugin runs.

The lesson shows one fixture that a test names. Here no test names one of them (autouse), the other
has parameters, and a synchronous test needs it too: another decorator, the same arguments.
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

POOL = '''\
"""A swimming pool: a turnstile with so many places, and lockers for all who are inside."""

import asyncio
from contextlib import asynccontextmanager

lockers = set()


async def clear_lockers():
    await asyncio.sleep(0)  # the attendant walks along them
    lockers.clear()


class Turnstile:
    def __init__(self, places):
        self.free, self.open = places, True

    async def enter(self, swimmer):
        await asyncio.sleep(0)  # the ticket is read
        if not (self.open and self.free):
            raise RuntimeError("the pool is full" if self.open else "the pool is closed")
        self.free -= 1
        lockers.add(swimmer)

    async def leave(self, swimmer):
        await asyncio.sleep(0)
        lockers.remove(swimmer)
        self.free += 1


@asynccontextmanager
async def opened(places):
    turnstile = Turnstile(places)
    try:
        yield turnstile
    finally:
        turnstile.open = False
'''

SKELETON = """\
import pool
import pytest


@pytest.fixture(autouse=True)
async def empty_lockers():
    await pool.clear_lockers()


@pytest.fixture(params=[1, 3])
async def turnstile(request):
    async with pool.opened(places=request.param) as turnstile:
        yield turnstile


@pytest.mark.asyncio
async def test_a_swimmer_gets_a_locker(turnstile):
    await turnstile.enter("Ada")
    assert pool.lockers == {"Ada"}


@pytest.mark.asyncio
async def test_who_leaves_makes_room(turnstile):
    for swimmer in ("Ben", "Cem", "Dora", "Eva"):
        await turnstile.enter(swimmer)
        await turnstile.leave(swimmer)
    assert pool.lockers == set()


def test_it_opens_with_free_places(turnstile):
    assert turnstile.open
    assert turnstile.free
"""

FILE, OPENS, GIVEN_BACK = (
    "pool.py",
    "self.free, self.open = places, True",
    "lockers.remove(swimmer)",
)
STILL_OPEN, STILL_TAKEN = "the pool of the test before is still open", "a locker is still taken"
WATCHED = f"""\
{OPENS}
        assert not any(one.open for one in made), "{STILL_OPEN}"
        assert not lockers, "{STILL_TAKEN}"
        made.append(self)
"""
MADE = (FILE, "lockers = set()", "lockers = set()\nmade = []")
INSPECTED = Run(planted=(MADE, (FILE, OPENS, WATCHED)))
LEFT_BEFORE = Run(planted=((FILE, "lockers = set()", 'lockers = {"Zoe"}'),))

WRONG_TURNS = (
    WrongTurn(
        name="no decorator",
        did=lambda seen: seen.failed_with("fixture 'turnstile' not found"),
        answer="Without a decorator it is a plain function, and no test can request it. That is "
        "LC305. It needs the decorator of the plugin that runs it.",
    ),
    WrongTurn(
        name="a mark on a fixture",
        did=lambda seen: "Marks cannot be applied to fixtures" in (seen.unreadable or ""),
        answer="pytest accepts no marks on fixtures. The decorator decides which plugin runs a "
        "fixture; the mark decides it for a test.",
    ),
    WrongTurn(
        name="both decorators",
        did=lambda seen: "more than once" in (seen.unreadable or ""),
        answer="You can make a function a fixture only once. pytest-asyncio's decorator replaces "
        "pytest's own.",
    ),
    WrongTurn(
        name="opened and let go",
        did=lambda seen: seen.failed_with("the pool is closed"),
        answer="The pool is closed before the test begins: the code that opened it had already "
        "ended, with its loop, or because nothing kept a reference. A fixture with a `yield` that "
        "pytest-asyncio runs stays open for the test, on the test's loop.",
    ),
    WrongTurn(
        name="never closed",
        did=lambda seen: seen.failed_with(STILL_OPEN),
        answer="Each test finds its pool, and nothing closes it. Code after the `yield` of a "
        "fixture, or an `async with` around the `yield`, closes it.",
    ),
    WrongTurn(
        name="lockers not cleared",
        did=lambda seen: seen.failed_with(
            STILL_TAKEN, "Extra items in the left set", "assert {'Ada'}"
        ),
        answer="Nothing clears the lockers before each test any more. No test requests that "
        "fixture by name, so its decorator must say `autouse=True` as before.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test hides the broken fixture until somebody needs it. All "
        "of the tests can run: the fault is in the fixtures.",
    ),
)

EXERCISE = Exercise(
    stem="lc301_undecorated_async_fixture",
    kind="mend the test",
    task="Make every test pass, in any order, with both turnstiles; each must begin with empty"
    " lockers, and each pool must be closed after its test.",
    edits="test_pool.py",
    skeleton=SKELETON,
    frozen={FILE: POOL},
    requirements=(
        all_there(6),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="each test begins with empty lockers, and with all other pools closed",
            unmet=first_not_passed,
            run=INSPECTED,
        ),
        Requirement(
            name="a locker that was taken before the first test is emptied, too",
            unmet=first_not_passed,
            run=LEFT_BEFORE,
        ),
        notices("a place that never comes back", FILE, "self.free += 1", "pass"),
        notices("a locker that is not given back", FILE, GIVEN_BACK, "pass"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Which functions above the tests are `async def`, and what runs them?",
        "`empty_lockers` and `turnstile` have pytest's own decorator. In strict mode nothing runs "
        "an async fixture with that decorator, whether a test names it or not.",
        "Both need the decorator of the plugin that runs the tests, with the arguments they have "
        "now: `import pytest_asyncio`, then `@pytest_asyncio.fixture(…)`. The tests stay as they "
        "are, also the synchronous one.",
    ),
    learned="You can find an async fixture that no plugin runs, and give it the right decorator.",
)
