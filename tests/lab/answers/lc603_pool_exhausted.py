"""Answers to the exercise of LC603: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc603_pool_exhausted import SKELETON

SKELETON_SAYS = ("every test runs and passes", "test_a_court_that_is_taken: sqlalchemy.exc.Time")

HEAD, PLAYER, BOOK, SWAP = (
    SKELETON[: SKELETON.index("async def player")],
    *("async def " + part for part in SKELETON.split("async def ")[1:]),
)

IN_BLOCK = """async def book(club, court, name):
    async with club.session() as session:
        if await session.scalar(READ, {"court": court}):
            raise Taken(court)
        await session.execute(WRITE, {"court": court, "player": name})
        await session.commit()


"""
IN_FINALLY = """async def book(club, court, name):
    session = club.session()
    try:
        if await session.scalar(READ, {"court": court}):
            raise Taken(court)
        await session.execute(WRITE, {"court": court, "player": name})
        await session.commit()
    finally:
        await session.close()


"""
CLOSED_ON_THE_WAY = """async def book(club, court, name):
    session = club.session()
    if await session.scalar(READ, {"court": court}):
        await session.close()
        raise Taken(court)
    await session.execute(WRITE, {"court": court, "player": name})
    await session.commit()
    await session.close()


"""
READ_FIRST = """async def swap(club, one, other):
    async with club.session() as session:
        first = await session.scalar(READ, {"court": one})
        second = await session.scalar(READ, {"court": other})
        if second is None:
            raise Empty(other)
        await session.execute(WRITE, {"court": other, "player": first})
        await session.execute(WRITE, {"court": one, "player": second})
        await session.commit()
"""
ASKS_FIRST = """async def swap(club, one, other):
    first, second = await player(club, one), await player(club, other)
    if second is None:
        raise Empty(other)
    async with club.session() as session, session.begin():
        await session.execute(WRITE, {"court": other, "player": first})
        await session.execute(WRITE, {"court": one, "player": second})
"""


def desk(book: str, swap: str, head: str = HEAD) -> str:
    """Return the desk with other functions."""
    return head + PLAYER + book + swap


RIGHT = {
    "two blocks": desk(IN_BLOCK, READ_FIRST),
    "finally, and asked before": desk(IN_FINALLY, ASKS_FIRST),
    "one session for all inside": """
from contextlib import asynccontextmanager
from sqlalchemy import text

class Taken(Exception): ...
class Empty(Exception): ...

@asynccontextmanager
async def work(club):
    async with club.session() as session:
        async with session.begin():
            yield session

async def _who(session, court):
    found = await session.execute(text("select player from courts where number = :n"), {"n": court})
    return found.scalar_one()

async def _put(session, court, name):
    change = text("update courts set player = :who where number = :n")
    await session.execute(change, {"who": name, "n": court})

async def player(club, court):
    async with work(club) as session:
        return await _who(session, court)

async def book(club, court, name):
    async with work(club) as session:
        if await _who(session, court) is not None:
            raise Taken
        await _put(session, court, name)

async def swap(club, one, other):
    async with work(club) as session:
        names = [await _who(session, n) for n in (one, other)]
        if None in names:
            raise Empty
        for n, name in zip((other, one), names):
            await _put(session, n, name)
""",
    "the engine's own block": in_text(
        ("club.session() as session", "club.engine.begin() as session"),
        ("        await session.commit()\n", ""),
        ("return await session.scalar", "return await session.scalar"),
        text=desk(IN_BLOCK, READ_FIRST),
    ),
}

OWN_ENGINE = HEAD.replace(
    "from sqlalchemy import text",
    "from sqlalchemy import text\nfrom sqlalchemy.ext.asyncio import AsyncSession, "
    "create_async_engine\nfrom sqlalchemy.pool import NullPool",
)
ALONE = """async def player(club, court):
    engine = create_async_engine(club.engine.url, poolclass=NullPool)
    async with AsyncSession(engine) as session:
        found = await session.scalar(READ, {"court": court})
    await engine.dispose()
    return found


"""
HALVES = """async def swap(club, one, other):
    first = await player(club, one)
    second = await player(club, other)
    async with club.session() as session:
        await session.execute(WRITE, {"court": one, "player": second})
        await session.commit()
    if second is None:
        raise Empty(other)
    async with club.session() as session:
        await session.execute(WRITE, {"court": other, "player": first})
        await session.commit()
"""

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the early way out": (
        desk(IN_BLOCK, SWAP),
        "every test",
        "waits for itself",
    ),
    "closed on the way": (
        desk(CLOSED_ON_THE_WAY, READ_FIRST),
        "database refuses",
        "returns the connection on every",
    ),
    "a connection of its own for the reader": (
        OWN_ENGINE + ALONE + IN_BLOCK + READ_FIRST,
        "one connection",
        "a second connection to the database",
    ),
    "the pool is thrown away": (
        desk(
            IN_FINALLY.replace("await session.close()", "await club.engine.dispose()"),
            READ_FIRST,
        ),
        "",
        "a second connection to the database",
    ),
    "half a swap": (desk(IN_BLOCK, HALVES), "every test", "failed swap is half written"),
    "read through the session, too late": (
        desk(
            IN_BLOCK,
            SWAP.replace(
                "await player(club, other)", 'await session.scalar(READ, {"court": other})'
            ),
        ),
        "every test",
        "The swap reads what it",
    ),
    "the error is swallowed": (
        desk(IN_BLOCK.replace("raise Taken(court)", "return"), READ_FIRST),
        "every test",
        "leave and keep the connection",
    ),
    "a longer wait": (
        desk(
            BOOK.replace("    session =", "    club.engine.pool._timeout = 0.5\n    session ="),
            SWAP,
        ),
        "every test",
        "",
    ),
}
