"""LC606 shared-session: two tasks use one session or connection at the same time.

What: `asyncio.gather(…)`, a task group or a background task uses the connection or session that the
      test, or another of the tasks, is using at that moment.
Why:  a database connection does one thing at a time: a second query has to wait until the first is
      answered, and asyncpg and SQLAlchemy refuse it. All that two tasks do in one session is one
      transaction, which either of them commits or rolls back for both.
Fix:  give each task its own session, or its own connection of the pool:
      `async with make_session() as session:` inside the coroutine that you gather. Share the pool,
      the engine or the sessionmaker instead.
Edit: none, since which work belongs to which session is not in the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Place, SharedConnection

CODE, SLUG = "LC606", "shared-session"
SUPERSEDES = frozenset({"LC307", "LC603"})
SAYS = (
    "another operation is in progress + gather",
    "another operation is in progress + create_task(",
    "concurrent operations are not permitted",
    "IllegalStateChangeError",
    "can't be called here; method",
    "called while another coroutine is already waiting",
    "cannot call recv while another coroutine is already",
    "Concurrent call to receive() is not allowed",
    "another operation is in progress",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the object that two tasks of one loop used at the same time."""
    if only_asserted(evidence):
        return
    from loopcheck.modes.databases.lc606_shared_session import (
        evidence as questions,  # late: for its own cases
    )

    seen = evidence.ask(questions.find_shared_connection)
    if seen is None:
        return
    thing = seen.thing
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=thing.subject,
        where=_where(seen),
        made_at=thing.made_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
    )


def _where(seen: SharedConnection) -> Place | None:
    """Return the line that starts the tasks: there they get one object, or one each."""
    own = None if seen.nested else seen.started_at
    return own or seen.thing.kept_at or seen.thing.made_at or seen.used_at


def _what(seen: SharedConnection) -> str:
    name = f"`{seen.thing.subject.name}`"
    at = f" at {seen.used_at}" if seen.used_at else ""
    if seen.nested:
        return f"{name} is used{at} while it still works for the same task."
    two = f"Two tasks use {name} at once"
    if not seen.others:
        return f"{two}, and one of them was refused{at}."
    other = seen.others[0]
    there = f" at {other.place}" if other.place else ""
    mine = f"`{seen.coroutine}`" if seen.coroutine and there else "another"
    return f"{two}, `{other.coroutine}`{there} and {mine}{at}."


def _why(seen: SharedConnection) -> str:
    if seen.kind == "session":
        return (
            "A session has one connection and one transaction, and does one thing at a time. Even"
            " if both tasks succeed, a rollback in one undoes what the other did."
        )
    if seen.kind == "stream":
        return "A stream has one reader at a time: two would get parts of each other's answers."
    return "A connection runs one query at a time; the next one must wait for the answer."


def _fix(seen: SharedConnection) -> str:
    name = seen.thing.subject.name
    if seen.nested:
        return f"Use a second connection inside, or finish with `{name}` first."
    each = "Give each task"
    if seen.started_at is not None:
        each = f"Change what {seen.started_at} starts: give each task"
    if seen.kind == "session":
        return (
            f"{each} its own session from the `async_sessionmaker`, instead of `{name}`:"
            " `async with make_session() as session:` inside its coroutine. Or await one after the"
            " other."
        )
    if seen.kind == "stream":
        return (
            f"{each} its own connection, instead of `{name}`. Or hold one `asyncio.Lock` from each"
            " request to its answer. Or await one after the other."
        )
    return (
        f"{each} its own connection, instead of `{name}`:"
        " `async with pool.acquire() as connection:` inside its coroutine. Or await one after the"
        " other."
    )
