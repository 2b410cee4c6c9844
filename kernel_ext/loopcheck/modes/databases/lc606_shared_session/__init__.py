"""LC606 shared-session: one session or connection is used by two tasks at once.

What: `asyncio.gather(…)`, a task group or a background task work with the connection or session
      that the test, or another of them, is using at that moment.
Why:  a database connection does one thing at a time: a second query has to wait until the first is
      answered. asyncpg and SQLAlchemy refuse it; and what two tasks do in one session is one
      transaction, which either of them commits or rolls back for both.
Fix:  a session, or a connection of the pool, for each task: `async with make_session() as session:`
      inside of the coroutine that is gathered. Share the pool, the engine, the sessionmaker.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, SharedConnection

CODE, SLUG = "LC606", "shared-session"
SUPERSEDES = frozenset({"LC307", "LC603"})
SAYS = (
    "another operation is in progress + gather",
    "another operation is in progress + create_task(",
    "concurrent operations are not permitted",
    "IllegalStateChangeError",
    "can't be called here; method",
    "called while another coroutine is already waiting",
    "another operation is in progress",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what two tasks of one loop used at the same time."""
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
        where=thing.kept_at or thing.made_at or seen.used_at,
        made_at=thing.made_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
    )


def _what(seen: SharedConnection) -> str:
    name = f"`{seen.thing.subject.name}`"
    at = f" at {seen.used_at}" if seen.used_at else ""
    if seen.nested:
        return f"{name} is asked for something{at} in the middle of what it is doing for that task."
    if not seen.others:
        return f"{name} is used by two tasks at once: one of them was refused{at}."
    other = seen.others[0]
    there = f" at {other.place}" if other.place else ""
    mine = f"`{seen.coroutine}`" if seen.coroutine else "one"
    if not there:
        return (
            f"{name} is used by two tasks at once: `{other.coroutine}` was at work, the next{at}."
        )
    return (
        f"{name} is used by two tasks at once: `{other.coroutine}` was waiting for it{there}, when"
        f" {mine} used it{at}."
    )


def _why(seen: SharedConnection) -> str:
    if seen.kind == "session":
        return (
            "A session has one connection and one transaction, and does one thing at a time. Even"
            " where two tasks get by, a rollback of one undoes what the other has done."
        )
    return "A connection does one thing at a time: the next query needs the answer to the first."


def _fix(seen: SharedConnection) -> str:
    name = seen.thing.subject.name
    if seen.nested:
        return f"Use a second connection inside, or finish what `{name}` does first."
    if seen.kind == "session":
        return (
            f"Give each task a session of its own, from the `async_sessionmaker` instead of"
            f" `{name}`: `async with make_session() as session:` inside of what is gathered. Or"
            " await one after the other."
        )
    return (
        f"Give each task a connection of its own: `async with pool.acquire() as connection:` inside"
        f" of what is gathered, instead of `{name}`. Or await one after the other."
    )
