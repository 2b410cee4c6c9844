"""The exercise of LC601: six ways to make a herbarium's table, and whether a query finds it.

The lesson reviews one setup. Here there is nothing to mend: a learner who checks in which database,
with which metadata and in which transaction the code makes a table knows the answer before the run.
"""

from loopcheck.lab.exercise import Exercise, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    notices,
)

SETUPS = '''\
"""Six ways to make the table of a herbarium. Each returns the engine for the query."""

from sqlalchemy import Column, Integer, MetaData, Table, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

known = MetaData()
plants = Table("plants", known, Column("id", Integer))
empty = MetaData()  # a module whose models nobody has imported


async def make(engine, metadata):
    async with engine.begin() as connection:  # commits at its end
        await connection.run_sync(metadata.create_all)


async def one_engine(folder):
    engine = create_async_engine("sqlite+aiosqlite:///:memory:")
    await make(engine, known)
    return engine


async def two_engines(folder):
    engine = create_async_engine("sqlite+aiosqlite:///:memory:")
    await make(engine, known)
    await engine.dispose()
    return create_async_engine("sqlite+aiosqlite:///:memory:")


async def null_pool(folder):
    engine = create_async_engine("sqlite+aiosqlite:///:memory:", poolclass=NullPool)
    await make(engine, known)
    return engine


async def not_imported(folder):
    engine = create_async_engine("sqlite+aiosqlite:///:memory:")
    await make(engine, empty)
    return engine


async def in_a_file(folder):
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder}/herbarium.db")
    await make(engine, known)
    await engine.dispose()
    return create_async_engine(f"sqlite+aiosqlite:///{folder}/herbarium.db")


async def not_committed(folder):
    engine = create_async_engine(f"sqlite+aiosqlite:///{folder}/herbarium.db")
    async with engine.connect() as connection:
        await connection.execute(text("begin"))
        await connection.run_sync(known.create_all)
    return engine
'''

TESTS = """\
import pytest
import setups
from prediction import says
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

NAMES = ["one_engine", "two_engines", "null_pool", "not_imported", "in_a_file", "not_committed"]


async def look(engine):
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select * from plants"))
        return "there"
    except OperationalError as error:
        assert "no such table" in str(error)
        return "missing"
    finally:
        await engine.dispose()


@pytest.mark.asyncio
@pytest.mark.parametrize("name", NAMES)
async def test_what_is_found(name, tmp_path):
    found = await look(await getattr(setups, name)(tmp_path))
    if says[name] != found:
        pytest.fail(f"{name}: it is not {says[name]!r}")
"""

SKELETON = """\
# After each setup, a query looks for the table `plants`. Say "there" or "missing".
says = {
    "one_engine": "?",
    "two_engines": "?",
    "null_pool": "?",
    "not_imported": "?",
    "in_a_file": "?",
    "not_committed": "?",
}
"""

WRONG_TURNS = (
    WrongTurn(
        name="memory is nowhere",
        did=lambda seen: seen.failed_with("one_engine: it is not 'missing'"),
        answer="One engine for `:memory:` keeps one connection and lends it to every query, so "
        "all of them see the same database. SQLAlchemy does this for this URL.",
    ),
    WrongTurn(
        name="the same URL is the same database",
        did=lambda seen: seen.failed_with("two_engines: it is not 'there'"),
        answer="The URL is the same, the database is not: `:memory:` makes a new one for each "
        "connection, and it disappears when that connection closes.",
    ),
    WrongTurn(
        name="the same engine is the same database",
        did=lambda seen: seen.failed_with("null_pool: it is not 'there'"),
        answer="`NullPool` opens a connection for each use and closes it afterwards. In memory "
        "each of them has its own database.",
    ),
    WrongTurn(
        name="create_all makes all",
        did=lambda seen: seen.failed_with("not_imported: it is not 'there'"),
        answer="`create_all` makes the tables that its metadata contains at that moment, and "
        "`empty` doesn't contain the plants. It makes nothing, and reports nothing.",
    ),
    WrongTurn(
        name="an engine is a database",
        did=lambda seen: seen.failed_with("in_a_file: it is not 'missing'"),
        answer="A file outlives its engine: two engines, one database. Disposing of an engine "
        "only closes its connections.",
    ),
    WrongTurn(
        name="connect commits",
        did=lambda seen: seen.failed_with("not_committed: it is not 'there'"),
        answer="Nothing committed: at its end `connect()` rolls back everything since the begin, "
        "also a new table. `begin()` would have committed.",
    ),
)

EXERCISE = Exercise(
    stem="lc601_missing_table",
    kind="diagnose only",
    task="For each of the six ways to create the table, say whether a query finds it, so that "
    "every test passes.",
    edits="prediction.py",
    skeleton=SKELETON,
    frozen={"setups.py": SETUPS, "test_prediction.py": TESTS},
    requirements=(
        all_there(6),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        notices(
            "a herbarium that is thrown away",
            "setups.py",
            'plants = Table("plants", known, Column("id", Integer))',
            'plants = Table("ferns", known, Column("id", Integer))',
        ),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "Three questions each time: which database, which metadata, and did anything commit?",
        "In memory each connection has its own database, so count the connections. One setup "
        "knows no table, and one rolls back.",
        "Two of the six find their table: in memory the one whose engine keeps a single "
        "connection, and one more, which …. The other four: another connection, another engine, "
        "nothing known, nothing committed.",
    ),
    learned="You can tell where a table was made, and whether your query looks there.",
    seconds=12.0,  # SQLAlchemy is imported in each run
)
