"""The exercise of LC603: the desk of a tennis club, whose database lends one connection.

The lesson shows asyncpg and an early exit that doesn't return the connection. Here it is
SQLAlchemy, whose error names the limit, and one of three functions asks for a second connection
while it holds the first.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
)
from loopcheck.lab.seen import Seen

CLUB = '''\
"""A tennis club. Its courts are in a database, and its pool lends one connection."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

TABLE = "create table courts (number integer, player text)"
COURTS = "insert into courts values (1, null), (2, 'Ben'), (3, 'Eve')"


class Club:
    async def open(self, folder):
        self.sessions = []  # kept: else one comes back when garbage is collected, by chance
        url = f"sqlite+aiosqlite:///{folder}/club.db"
        self.engine = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=0.3)
        async with self.engine.begin() as connection:
            await connection.execute(text(TABLE))
            await connection.execute(text(COURTS))

    def session(self):
        self.sessions.append(AsyncSession(self.engine))
        return self.sessions[-1]

    async def close(self):
        await self.engine.dispose()
'''

TESTS = """\
import desk
import pytest
import pytest_asyncio
from club import Club

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def club(tmp_path):
    club = Club()
    await club.open(tmp_path)
    yield club
    await club.close()


async def test_a_court_is_booked(club):
    await desk.book(club, 1, "Ada")
    assert await desk.player(club, 1) == "Ada"


async def test_a_court_that_is_taken(club):
    with pytest.raises(desk.Taken):
        await desk.book(club, 2, "Ada")
    assert await desk.player(club, 2) == "Ben"


async def test_two_players_swap(club):
    await desk.swap(club, 2, 3)
    assert await desk.player(club, 2) == "Eve"
    assert await desk.player(club, 3) == "Ben"


async def test_a_swap_with_an_empty_court_changes_nothing(club):
    with pytest.raises(desk.Empty):
        await desk.swap(club, 2, 1)
    assert await desk.player(club, 2) == "Ben"
"""

SKELETON = '''\
"""The desk of a tennis club: who plays on which court."""

from sqlalchemy import text

READ = text("select player from courts where number = :court")
WRITE = text("update courts set player = :player where number = :court")


class Taken(Exception):
    pass


class Empty(Exception):
    pass


async def player(club, court):
    async with club.session() as session:
        return await session.scalar(READ, {"court": court})


async def book(club, court, name):
    session = club.session()
    if await session.scalar(READ, {"court": court}):
        raise Taken(court)
    await session.execute(WRITE, {"court": court, "player": name})
    await session.commit()
    await session.close()


async def swap(club, one, other):
    async with club.session() as session:
        first = await session.scalar(READ, {"court": one})
        await session.execute(WRITE, {"court": other, "player": first})
        second = await player(club, other)
        if second is None:
            raise Empty(other)
        await session.execute(WRITE, {"court": one, "player": second})
        await session.commit()
'''

BOOKED, TAKEN, SWAP, EMPTY = (
    "test_a_court_is_booked",
    "test_a_court_that_is_taken",
    "test_two_players_swap",
    "test_a_swap_with_an_empty_court_changes_nothing",
)

KEPT = "was not given back"
ASKS = f"""\
if self.engine.sync_engine.pool.checkedout():
            print("a connection {KEPT}")
        await self.engine.dispose()"""
DISPOSE = "await self.engine.dispose()"

LOCKED = "create trigger locked before update on courts begin select raise(abort, 'no pen'); end"
MADE = "await connection.execute(text(COURTS))"
REFUSES = Run(
    planted=(
        ("club.py", DISPOSE, ASKS),
        (
            "club.py",
            MADE,
            f'{MADE}\n            await connection.execute(text("{LOCKED}"))',
        ),
    )
)

HALF_A_SWAP = (  # whichever court comes first, the database refuses the other one
    "create trigger half before update on courts "
    "when exists (select 1 from courts where player = 'Ben' and number = 3) "
    "or exists (select 1 from courts where player = 'Eve' and number = 2) "
    "begin select raise(abort, 'the database refuses'); end"
)
SWAPPED = """\
    await desk.swap(club, 2, 3)
    assert await desk.player(club, 2) == "Eve"
    assert await desk.player(club, 3) == "Ben"
"""
BROKEN_OFF = Run(
    planted=(
        (
            "club.py",
            MADE,
            f'{MADE}\n            await connection.execute(text("{HALF_A_SWAP}"))',
        ),
        (
            "test_desk.py",
            SWAPPED,
            "    with pytest.raises(Exception, match='the database refuses'):\n"
            "        await desk.swap(club, 2, 3)\n"
            '    assert await desk.player(club, 2) == "Ben"\n'
            '    assert await desk.player(club, 3) == "Eve"\n',
        ),
    )
)

TOO_MANY = "the club has one connection to its database, and another one was opened"
ONE_LINE = Run(
    reverse=True,
    planted=(
        (
            "club.py",
            "class Club:",
            f'''\
import aiosqlite

opened, real = [], aiosqlite.connect


def connect(*args, **options):
    opened.append(args)
    assert len(opened) == 1, "{TOO_MANY}"
    return real(*args, **options)


aiosqlite.connect = connect


class Club:''',
        ),
        ("club.py", "url = f", "opened.clear()\n        url = f"),
    ),
)


def _kept(seen: Seen) -> str | None:
    """Return the complaint if a connection was still checked out when its test was over."""
    return f"a connection {KEPT} when its test was over" if KEPT in seen.output else None


def _unheard(seen: Seen) -> str | None:
    """Return the complaint if an error of the database stayed in `book`."""
    if _failed_with("no pen", seen, BOOKED):
        return None
    return f"the database refused, and no error came out of `book` in {BOOKED}"


def _failed_with(words: str, seen: Seen, *tests: str) -> bool:
    found = [seen.failures.get(test, "") for test in tests] if tests else seen.failures.values()
    return any(words in said for said in found)


def _only_taken(seen: Seen) -> bool:
    """True if the early exit returns its connection, and the swap still asks for a second one."""
    return (
        not seen.planted
        and seen.outcomes.get(TAKEN) == "passed"
        and _failed_with("QueuePool limit", seen, SWAP)
    )


WRONG_TURNS = (
    WrongTurn(
        name="one of two",
        did=_only_taken,
        answer="The exit for a taken court returns its connection now. The swap asks for a second "
        "one while it holds the first, and waits for itself: that needs another remedy.",
    ),
    WrongTurn(
        name="closed only when all goes well",
        did=lambda seen: REFUSES.planted[1][2] in seen.bugs and _kept(seen) is not None,
        answer="When the database refuses an update, a session stays open: a `close()` below that "
        "statement doesn't run. `async with` returns the connection on every exit.",
    ),
    WrongTurn(
        name="another connection",
        did=lambda seen: _failed_with(TOO_MANY, seen),
        answer="Your code opens a second connection to the database: an engine of its own, a new "
        "pool, or one that it throws away and makes again. Then nothing waits, but the club "
        "pays for one; in production that is the limit of the server.",
    ),
    WrongTurn(
        name="half a swap",
        did=lambda seen: not seen.planted and _failed_with("== 'Ben'", seen, EMPTY),
        answer="Nothing waits any more, but a failed swap is half written: court 2 has lost its "
        "player. Use one session for changes that belong together, with one commit at its end.",
    ),
    WrongTurn(
        name="read too late",
        did=lambda seen: not seen.planted and _failed_with("== 'Eve'", seen, SWAP),
        answer="The swap reads what it has written itself. So read both players before you write "
        "the first of them.",
    ),
    WrongTurn(
        name="caught",
        did=lambda seen: _failed_with("DID NOT RAISE", seen),
        answer="The desk no longer raises an error that it should raise. Leaving by an error is "
        "fine; the fault is to leave and keep the connection.",
    ),
)

EXERCISE = Exercise(
    stem="lc603_pool_exhausted",
    kind="mend the code",
    task="Make all four tests pass, in any order, with one connection to the database. The code "
    "must release every connection, also when the database refuses. A swap that fails must "
    "change nothing.",
    edits="desk.py",
    skeleton=SKELETON,
    frozen={"test_desk.py": TESTS, "club.py": CLUB},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        Requirement(
            name="the code releases every connection, also when the database refuses",
            unmet=_kept,
            run=REFUSES,
        ),
        Requirement(name="the caller hears that the database refuses", unmet=_unheard, run=REFUSES),
        Requirement(
            name="a swap that the database refuses half-way changes nothing",
            unmet=first_not_passed,
            run=BROKEN_OFF,
        ),
        Requirement(
            name="one connection to the database is enough, also in reverse order",
            unmet=first_not_passed,
            run=ONE_LINE,
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each function and every exit: what returns the connection? And does any code ask for "
        "one while it holds another?",
        "`book` leaves by `raise Taken` and never reaches `close()`. `swap` holds a connection "
        "and calls `player`, which asks the pool for another: the pool has only one.",
        "`async with club.session() as session:` around all of `book`. In `swap` read both "
        "players through its own session, before it writes: `second = await session.scalar(READ, "
        "{…})`",
    ),
    learned="You can follow a connection from where the code takes it to where it returns it.",
    seconds=12.0,  # SQLAlchemy is imported in each run, and a wrong turn waits a few times
)
