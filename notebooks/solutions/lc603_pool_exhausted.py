"""LC603 pool-exhausted: the solution of the exercise, why it works, and one other good way.

What was wrong, twice: `book` ended with `raise Taken` before it reached `session.close()`, and kept
its connection. `swap` held one and called `player`, which took another from the pool. The pool
lends one, so the swap waited for itself, and no limit is long enough for that.

What changed: `async with` closes the session on each way out, also after an unexpected error. The
swap reads through the session that it has. It reads both players before it writes the first,
because a session sees its own changes. One commit at the end: all, or nothing.

Another good way: pass `player` the session instead of the club, and let only the outermost function
open one: `async def player(session, court)`. Then no function can take a second connection by
accident. Here the tests call `player` with the club, so it would need a second function inside.
"""

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
    async with club.session() as session:
        if await session.scalar(READ, {"court": court}):
            raise Taken(court)
        await session.execute(WRITE, {"court": court, "player": name})
        await session.commit()


async def swap(club, one, other):
    async with club.session() as session:
        first = await session.scalar(READ, {"court": one})
        second = await session.scalar(READ, {"court": other})
        if second is None:
            raise Empty(other)
        await session.execute(WRITE, {"court": other, "player": first})
        await session.execute(WRITE, {"court": one, "player": second})
        await session.commit()
