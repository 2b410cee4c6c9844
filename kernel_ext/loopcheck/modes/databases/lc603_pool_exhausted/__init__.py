"""LC603 pool-exhausted: connections are taken and not given back.

What: a pool, or the server behind it, has no connection left. Somebody took them and keeps them: a
      session without `async with`, an `acquire()` without `release()`, a test that ended long ago.
Why:  a pool lends a fixed number of connections. Who asks for one more waits: SQLAlchemy for 30
      seconds, asyncpg for ever, without a word.
Fix:  `async with` for every session, connection and `pool.acquire()`; close pools where they are
      made. A larger pool only fails later; `NullPool` moves the limit to the server.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import Evidence, ExhaustedPool, HeldConnection, Place, Subject

CODE, SLUG = "LC603", "pool-exhausted"
SUPERSEDES = frozenset({"LC203", "LC307", "LC506"})
SAYS = (
    "QueuePool limit of size",
    "too many clients already",
    "remaining connection slots are reserved",
    "Too many connections",
    "No connection available",
    "max number of clients reached",
    "PoolTimeout",
    "TimeoutError + asyncpg/pool.py",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name who keeps the connections."""
    if only_asserted(evidence):
        return
    from loopcheck.modes.databases.lc603_pool_exhausted import (
        evidence as questions,  # late: for its own cases
    )

    seen = evidence.ask(questions.find_exhausted_pool)
    if seen is None:
        return
    first = seen.holders[0] if seen.holders else None
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty=_certainty(seen),
        subject=_subject(seen, first),
        where=_where(seen, first),
        made_at=seen.thing.made_at if seen.thing else None,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen, first),
    )


def _certainty(seen: ExhaustedPool) -> Certainty:
    return "certain" if seen.holders and all(one.kept for one in seen.holders) else "likely"


def _subject(seen: ExhaustedPool, first: HeldConnection | None) -> Subject:
    if first is not None and first.name is not None:
        return Subject(name=first.name, type="connection")
    if seen.thing is not None:
        return seen.thing.subject
    return Subject(name="PostgreSQL", type="server")


def _where(seen: ExhaustedPool, first: HeldConnection | None) -> Place | None:
    if first is not None:
        return first.lender or first.made_at or first.taken.place
    return (seen.thing.kept_at if seen.thing else None) or seen.used_at


def _pool(seen: ExhaustedPool) -> str:
    if seen.thing is None or seen.server:
        return "the server"
    if seen.thing.keeper is None or not seen.thing.subject.type.endswith(("Pool", "Engine")):
        return "the pool"
    return f"`{seen.thing.subject.name}`"


def _what(seen: ExhaustedPool) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    many = f"{seen.most} connections are" if (seen.most or 0) > 1 else "only connection is"
    pool = _pool(seen)
    if seen.server:
        said = f"The server takes no more connections{at}"
    else:
        said = f"{pool[:1].upper()}{pool[1:]} has none left{at}: its {many} taken"
    if not seen.holders:
        return f"{said}."
    return f"{said}, {', '.join(map(_by, seen.holders))}."


def _by(one: HeldConnection) -> str:
    count = f"{one.count} " if one.count > 1 else ""
    name = f"by `{one.name}`, " if one.name else ""
    fixture = f" in fixture `{one.taken.fixture}`" if one.taken.fixture else ""
    since = f" since {one.taken.test}" if one.taken.test else ""
    return f"{count}{name}at {one.taken.place}{fixture}{since}"


def _why(seen: ExhaustedPool) -> str:
    if seen.server:
        return (
            "PostgreSQL serves a fixed number of clients, 100 by default. Each connection counts"
            " until it is closed, also one whose test is over."
        )
    silent = "" if seen.said else " asyncpg's pool says nothing, and waits without a limit."
    if all(one.kept for one in seen.holders):
        return (
            "A pool lends what it has. What is not given back is missing for all who come later,"
            f" also when its test is over.{silent}"
        )
    return f"More tasks ask at once than the pool has connections.{silent}"


def _fix(seen: ExhaustedPool, first: HeldConnection | None) -> str:
    if first is None or not first.kept:
        return (
            "Let each task hold its connection briefly, with `async with`, and ask for no second"
            " one meanwhile; else give the pool as many connections as tasks use at once."
        )
    name = f"`{first.name}`" if first.name else "it"
    if seen.server:
        return (
            f"Close {name} where it is opened, `async with` or a fixture's tear-down; or let all"
            " take turns on one pool. A higher limit only fails later."
        )
    if first.lender is not None:
        return (
            f"Let `{first.lender.name}` give back {name} when its block is left: behind its"
            " `yield`, with `async with` or `finally`. A larger pool only fails later."
        )
    if first.taken.fixture is not None:
        return (
            f"Let fixture `{first.taken.fixture}` give back what {name} has taken before its"
            " `yield`, with `async with` or `commit()`; or let the test work with that one. A"
            " larger pool only fails later."
        )
    return (
        f"Take {name} with `async with`, and ask for no second connection inside of it. A larger"
        " pool only fails later."
    )
