"""The exercise of LC606: an allotment whose tests would not notice one session for everybody.

The lesson shows a lock that keeps two tasks apart and leaves them one transaction. Here the code is
right, and the learner writes a test that proves it: a lease must be in the database, even if
another request was refused at the same moment.
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

ALLOTMENT = '''\
"""An allotment: many people ask for a plot at once, and each of them gets an answer."""

import asyncio

from sqlalchemy import text

READ = text("select name from plots where number = :plot")
WRITE = text("update plots set name = :name where number = :plot")


class Taken(Exception):
    pass


async def holder(sessions, plot):
    async with sessions() as session:
        return await session.scalar(READ, {"plot": plot})


async def write(session, name, plot):
    if await session.scalar(READ, {"plot": plot}):
        raise Taken(plot)
    await session.execute(WRITE, {"plot": plot, "name": name})


async def lease(sessions, name, plot):
    try:
        async with sessions.begin() as session:  # commits at its end
            await write(session, name, plot)
    except Taken:
        return "taken"
    return "yours"


async def lease_all(sessions, wishes):
    asked = [lease(sessions, name, plot) for name, plot in wishes.items()]
    return dict(zip(wishes, await asyncio.gather(*asked)))
'''

CONFTEST = '''\
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


@pytest_asyncio.fixture
async def sessions(tmp_path):
    """Makes sessions. Plots 1 and 3 are free, plot 2 is Eve's."""
    url = f"sqlite+aiosqlite:///{tmp_path}/plots.db"
    engine = create_async_engine(url, pool_size=1, max_overflow=0)
    async with engine.begin() as connection:
        await connection.execute(text("create table plots (number integer, name text)"))
        await connection.execute(text("insert into plots values (1, null), (2, 'Eve'), (3, null)"))
    yield async_sessionmaker(engine)
    await engine.dispose()
'''

SKELETON = """\
import pytest
from allotment import holder, lease_all

pytestmark = pytest.mark.asyncio


async def test_ada_leases_a_plot(sessions):
    assert await lease_all(sessions, {"Ada": 1}) == {"Ada": "yours"}


async def test_a_plot_that_is_taken(sessions):
    assert await lease_all(sessions, {"Ben": 2}) == {"Ben": "taken"}
"""

FILE = "allotment.py"
COMMITS = "async with sessions.begin() as session:  # commits at its end"
FORGETS = "async with sessions() as session:"
FOR_EACH = """\
asked = [lease(sessions, name, plot) for name, plot in wishes.items()]
    return dict(zip(wishes, await asyncio.gather(*asked)))"""
FOR_ALL = """\
lock = asyncio.Lock()
    async with sessions() as session:

        async def one(name, plot):
            async with lock:
                try:
                    await write(session, name, plot)
                except Taken:
                    return "taken"
                return "yours"

        asked = [one(name, plot) for name, plot in wishes.items()]
        answers = dict(zip(wishes, await asyncio.gather(*asked)))
        if "taken" in answers.values():
            await session.rollback()
        else:
            await session.commit()
        return answers"""
WRONG_TURNS = (
    WrongTurn(
        name="only the answers",
        did=lambda seen: FORGETS in seen.bugs and seen.green and len(seen.collected or ()) > 2,
        answer="With a lease that is never written your tests pass. They believe the answer, or "
        "look at another plot. Only the database knows whether the lease was written: call "
        "`holder` for the plot that somebody got.",
    ),
    WrongTurn(
        name="the leased plot not checked",
        did=lambda seen: FOR_ALL in seen.bugs and seen.green,
        answer="Your tests pass with one session for everybody. To expose it, one person must get "
        "a plot and another be refused in the same call. Then the test must look up the holder of "
        "the leased plot in the database.",
    ),
    WrongTurn(
        name="asked too early",
        did=lambda seen: (
            not seen.planted and any("assert None ==" in one for one in seen.failures.values())
        ),
        answer="A plot has no holder when your test looks: nobody has leased it yet, or it is "
        "another plot. Look it up after the `await lease_all(…)`, in the same test: each test"
        " starts with a new database.",
    ),
    WrongTurn(
        name="skipped",
        did=lambda seen: bool({"skipped", "expected to fail"} & {*seen.outcomes.values()}),
        answer="A skipped or xfailed test checks nothing. The code is right, so every test can "
        "pass.",
    ),
)

EXERCISE = Exercise(
    stem="lc606_shared_session",
    kind="write the test that catches the planted bug",
    task="The tests must pass, in any order, and turn red when a lease is not written, or when"
    " a refusal undoes somebody else's lease.",
    edits="test_allotment.py",
    skeleton=SKELETON,
    frozen={FILE: ALLOTMENT, "conftest.py": CONFTEST},
    requirements=(
        all_there(2),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices("a lease that is not written", FILE, COMMITS, FORGETS),
        notices("one session for everybody", FILE, FOR_EACH, FOR_ALL),
        notices("a plot that is leased twice", FILE, "raise Taken(plot)", "pass"),
        EACH_CHECKS,
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "What do your tests check: the answers that people get, or the rows in the database?",
        "With one session for all there is one transaction: a rollback for Ben also undoes Ada's "
        "lease. Both have to ask in the same call, Ada for a free plot, Ben for a taken one.",
        'One call for two: `answers = await lease_all(sessions, {"Ada": 1, "Ben": 2})`, then '
        'check both: `assert answers == {"Ada": …, "Ben": …}` and `assert await holder(sessions, '
        "1) == …`",
    ),
    learned="You can test that one task doesn't undo what another has done.",
    seconds=12.0,  # SQLAlchemy is imported in each run
)
