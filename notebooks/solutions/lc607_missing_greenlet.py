"""LC607 missing-greenlet: the solution of the exercise, why it works, and one other good way.

What was wrong: the code read three attributes that were not loaded, so each of them queried the
database, in a line without an `await`. After a commit and after a rollback a session expires what
it has read. The database computed the count. The parts had never been loaded.

What changed: each function loads what it reads, with an `await`, before it reads it.

Another good way: `AsyncAttrs` as a second base of the models, then `await
piece.awaitable_attrs.parts`. `expire_on_commit=False` helps with columns after a commit, and with
nothing else here.
"""

from models import Piece
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload


async def sing(session, number):
    piece = await session.get(Piece, number)
    piece.sung = Piece.sung + 1  # the database counts: others sing, too
    await session.commit()
    await session.refresh(piece)
    return f"{piece.title}: sung {piece.sung} times"


async def voices(session, number):
    piece = await session.get(Piece, number, options=[selectinload(Piece.parts)])
    return [part.voice for part in piece.parts]


async def retitle(session, number, title):
    piece = await session.get(Piece, number)
    piece.title = title
    try:
        await session.commit()
    except IntegrityError:
        await session.rollback()
        await session.refresh(piece)
        return f"it is still called {piece.title}"
    await session.refresh(piece)
    return f"it is called {piece.title}"
