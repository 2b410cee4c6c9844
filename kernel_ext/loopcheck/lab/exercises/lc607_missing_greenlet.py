"""The exercise of LC607: a choir's library, which queries the database three times by accident.

The lesson shows an expired column and a lazy relationship. Here the causes are a value that the
database counts, and a rollback; `expire_on_commit=False` does not help with either.
"""

from loopcheck.lab.exercise import Exercise, Requirement, Run, WrongTurn
from loopcheck.lab.requirements import (
    ANY_ORDER,
    EVERY_TEST_PASSES,
    NOTHING_LEFT,
    all_there,
    first_not_passed,
    holds,
)
from loopcheck.lab.seen import Seen

MODELS = '''\
"""What a choir sings, and the parts of each piece."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Piece(Base):
    __tablename__ = "pieces"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(unique=True)
    sung: Mapped[int] = mapped_column(default=0)
    parts: Mapped[list["Part"]] = relationship()


class Part(Base):
    __tablename__ = "parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    voice: Mapped[str]
    piece_id: Mapped[int] = mapped_column(ForeignKey("pieces.id"))
'''

TESTS = """\
import choir
import pytest
import pytest_asyncio
from models import Base, Part, Piece
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def sessions(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/choir.db")
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    sessions = async_sessionmaker(engine)
    async with sessions.begin() as session:
        parts = [Part(voice="alto"), Part(voice="bass")]
        session.add_all([Piece(id=1, title="Evening", parts=parts), Piece(id=2, title="Morning")])
    yield sessions
    await engine.dispose()


async def test_a_piece_is_sung(sessions):
    async with sessions() as session:
        assert await choir.sing(session, 1) == "Evening: sung 1 times"


async def test_two_choirs_sing_it(sessions):
    async with sessions() as ours, sessions() as theirs:
        known = await ours.get(Piece, 1)  # read before the others sing
        assert known.sung == 0
        await choir.sing(theirs, 1)
        assert await choir.sing(ours, 1) == "Evening: sung 2 times"


async def test_the_voices(sessions):
    async with sessions() as session:
        assert await choir.voices(session, 1) == ["alto", "bass"]


async def test_a_title_that_is_taken(sessions):
    async with sessions() as session:
        assert await choir.retitle(session, 1, "Morning") == "it is still called Evening"
        assert await choir.retitle(session, 1, "Dusk") == "it is called Dusk"
"""

SKELETON = '''\
"""The library of a choir."""

from models import Piece
from sqlalchemy.exc import IntegrityError


async def sing(session, number):
    piece = await session.get(Piece, number)
    piece.sung = Piece.sung + 1  # the database counts: others sing, too
    await session.commit()
    return f"{piece.title}: sung {piece.sung} times"


async def voices(session, number):
    piece = await session.get(Piece, number)
    return [part.voice for part in piece.parts]


async def retitle(session, number, title):
    piece = await session.get(Piece, number)
    piece.title = title
    try:
        await session.commit()
    except IntegrityError:
        await session.rollback()
        return f"it is still called {piece.title}"
    return f"it is called {piece.title}"
'''

SUNG, VOICES, TITLE = "test_a_piece_is_sung", "test_the_voices", "test_a_title_that_is_taken"
GREENLET = "MissingGreenlet"


def _left(seen: Seen, test: str) -> bool:
    """True if *test* still queries by accident, and another of the three no longer does."""
    asks = {name: GREENLET in seen.failures.get(name, "") for name in (SUNG, VOICES, TITLE)}
    return not seen.reverse and asks[test] and not all(asks.values())


# Another choir sings between the read of a piece and the update of its count.
MEANWHILE = """\
sessions = async_sessionmaker(engine)

    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def others_sing(connection, cursor, statement, *more):
        if statement.lower().startswith("update pieces") and "sung" in statement.lower():
            cursor.execute("UPDATE pieces SET sung = sung + 1 WHERE id = 1")
"""
CHOIR = "test_choir.py"
OTHERS_SING = Run(
    planted=(
        (CHOIR, "import pytest_asyncio\n", "import pytest_asyncio\nfrom sqlalchemy import event\n"),
        (CHOIR, "sessions = async_sessionmaker(engine)\n", MEANWHILE),
        (CHOIR, "sung 2 times", "sung 4 times"),
        (CHOIR, "sung 1 times", "sung 2 times"),
    )
)
TENOR = 'title="Morning", parts=[Part(voice="tenor")])'
MORE_PARTS = Run(planted=((CHOIR, 'title="Morning")])', f"{TENOR}])"),))


def _missed_others(seen: Seen) -> bool:
    return MEANWHILE in seen.bugs and not seen.green


DUSK = '== "it is called Dusk"\n'
READ_BY_OTHERS = f"""\
{DUSK}
    async with sessions() as theirs:
        assert (await theirs.get(Piece, 1)).title == "Dusk"
"""

WRONG_TURNS = (
    WrongTurn(
        name="the number is a guess",
        did=_missed_others,
        answer="Another choir sang between your read and your update. Then the count, or the "
        "number that you return, is not what the database holds. Let it count, and read the "
        "result.",
    ),
    WrongTurn(
        name="parts of other pieces",
        did=lambda seen: "tenor" in " ".join(seen.bugs) and not seen.green,
        answer="With parts of a second piece, your query returns those too.",
    ),
    WrongTurn(
        name="the count is left",
        did=lambda seen: _left(seen, SUNG),
        answer="`sing` still reads a value that it doesn't have: the database counted, so only "
        "the database knows the number. `expire_on_commit` does not change that; query it again, "
        "and await the query.",
    ),
    WrongTurn(
        name="the parts are left",
        did=lambda seen: _left(seen, VOICES),
        answer="`voices` still reads parts that nothing loaded. Load them with the piece, or with "
        "an `await` before you read them.",
    ),
    WrongTurn(
        name="the rollback is left",
        did=lambda seen: _left(seen, TITLE),
        answer="`retitle` still reads the title after the commit or the rollback. A rollback "
        "always discards what was loaded, whatever `expire_on_commit` says.",
    ),
    WrongTurn(
        name="counted by hand",
        did=lambda seen: not seen.planted and seen.failed_with("sung 1 times"),
        answer="Your code counts in Python now, from an old value. Another choir has sung "
        "meanwhile, and your count misses it.",
    ),
    WrongTurn(
        name="flushed, not committed",
        did=lambda seen: seen.planted and seen.failed_with("== 'Dusk'"),
        answer="`flush` sends the change, and the session still holds its transaction: nobody else "
        "reads the new title, and at the end of the session it is gone. Keep the `commit`, and "
        "load what you read after it.",
    ),
)

EXERCISE = Exercise(
    stem="lc607_missing_greenlet",
    kind="mend the code",
    task="Make all four tests pass, in any order: the code must load everything that it reads "
    "from a piece with an `await`, and the database must count.",
    edits="choir.py",
    skeleton=SKELETON,
    frozen={"models.py": MODELS, "test_choir.py": TESTS},
    requirements=(
        all_there(4),
        EVERY_TEST_PASSES,
        NOTHING_LEFT,
        ANY_ORDER,
        Requirement(
            name="the count is right when others sing meanwhile",
            unmet=first_not_passed,
            run=OTHERS_SING,
        ),
        Requirement(
            name="the voices are those of the piece", unmet=first_not_passed, run=MORE_PARTS
        ),
        holds("others read the new title, too", (CHOIR, DUSK, READ_BY_OTHERS)),
    ),
    wrong_turns=WRONG_TURNS,
    hints=(
        "For each attribute that the code reads: what loaded it, and what ended since then?",
        "`sing` and `retitle` read after a commit or a rollback, which discards loaded values. "
        "`voices` reads a relationship that nothing has loaded.",
        "Load again with an `await`: `await session.refresh(piece)` after the commit and after "
        'the rollback. For the parts, name the attribute: `await session.refresh(piece, ["…"])`, '
        "or use `options=[selectinload(…)]` where you get the piece.",
    ),
    learned="You can see which attribute would query the database, and load it yourself.",
    seconds=12.0,  # SQLAlchemy is imported in each run
)
