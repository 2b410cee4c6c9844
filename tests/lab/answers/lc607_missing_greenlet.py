"""Answers to the exercise of LC607: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc607_missing_greenlet import SKELETON

SKELETON_SAYS = ("every test runs and passes", "MissingGreenlet")

COUNT = '    return f"{piece.title}: sung'
PARTS = "    return [part.voice for"
STILL, CALLED = '        return f"it is still', '    return f"it is called'
FRESH = "    await session.refresh(piece)\n"
COUNTED = (COUNT, FRESH + COUNT)
LOADED = (PARTS, '    await session.refresh(piece, ["parts"])\n' + PARTS)
ASKED = ((STILL, "    " + FRESH + STILL), (CALLED, FRESH + CALLED))


def changed(*pairs: tuple[str, str]) -> str:
    """Return the skeleton with changes."""
    text: str = in_text(*pairs, text=SKELETON)
    return text


RIGHT = {
    "refreshed each time": changed(COUNTED, LOADED, *ASKED),
    "run_sync around the reading": changed(
        COUNTED,
        (
            "return [part.voice for part in piece.parts]",
            "return await session.run_sync(lambda _: [part.voice for part in piece.parts])",
        ),
        *ASKED,
    ),
    "statements, and no objects": """
from models import Part, Piece
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

async def title_of(session, number):
    return await session.scalar(select(Piece.title).where(Piece.id == number))

async def sing(session, number):
    more = update(Piece).where(Piece.id == number).values(sung=Piece.sung + 1)
    sung = await session.scalar(more.returning(Piece.sung))
    await session.commit()
    return f"{await title_of(session, number)}: sung {sung} times"

async def voices(session, number):
    asked = select(Part.voice).where(Part.piece_id == number).order_by(Part.id)
    return list(await session.scalars(asked))

async def retitle(session, number, title):
    try:
        await session.execute(update(Piece).where(Piece.id == number).values(title=title))
        await session.commit()
    except IntegrityError:
        await session.rollback()
        return f"it is still called {await title_of(session, number)}"
    return f"it is called {title}"
""",
}

KEEPS = (
    "    piece = await",
    "    session.sync_session.expire_on_commit = False\n    piece = await",
)

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "nothing expires": (changed(KEEPS, LOADED), "every test", "only the database knows"),
    "nothing expires, and it is counted": (
        changed(KEEPS, LOADED, COUNTED),
        "every test",
        "A rollback always discards what",
    ),
    "the parts are left": (
        changed(COUNTED, *ASKED),
        "every test",
        "reads parts that nothing loaded",
    ),
    "counted by hand": (
        changed(
            ("piece.sung = Piece.sung + 1", "piece.sung = piece.sung + 1"),
            COUNTED,
            LOADED,
            *ASKED,
        ),
        "every test",
        "Your code counts in Python",
    ),
    "a thread": (
        changed(
            COUNTED,
            (
                "return [part.voice for part in piece.parts]",
                "import asyncio\n    return await "
                "asyncio.to_thread(lambda: [part.voice for part in piece.parts])",
            ),
            *ASKED,
        ),
        "every test",
        "reads parts that nothing loaded",
    ),
}
