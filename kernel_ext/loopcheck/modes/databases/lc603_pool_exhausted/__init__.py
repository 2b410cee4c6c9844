"""LC603 pool-exhausted: code takes connections from a pool and does not release them.

What: a pool, or the server behind it, has no connection left. Something took them and holds them: a
      session without `async with`, an `acquire()` without `release()`, a test that ended long ago.
      Or `database is locked`: another connection has written to the SQLite file and not committed.
Why:  a pool lends a fixed number of connections. The next task that needs one waits: with
      SQLAlchemy for 30 seconds, with asyncpg forever and without a message. SQLite lets one
      connection at a time write to a file, and another one waits for its `timeout`.
Fix:  use `async with` for every session, connection and `pool.acquire()`. Close pools where they
      are created. A larger pool only fails later; `NullPool` moves the limit to the server. Write
      to an SQLite file through one connection, or commit before another one writes.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import Evidence, ExhaustedPool, HeldConnection, Place, Subject

CODE, SLUG = "LC603", "pool-exhausted"
SUPERSEDES = frozenset({"LC203", "LC307", "LC506"})
AFTER_OTHERS = True
SAYS = (
    "QueuePool limit of size",
    "too many clients already",
    "remaining connection slots are reserved",
    "Too many connections",
    "No connection available",
    "max number of clients reached",
    "PoolTimeout",
    "TimeoutError + asyncpg/pool.py",
    "database is locked",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what holds the connections."""
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
        remedy=_remedy(seen, first, evidence),
    )


def _remedy(
    seen: ExhaustedPool, first: HeldConnection | None, evidence: Evidence
) -> tuple[str, ...]:
    """Return ("enter",) if a block around its uses releases it before the failing line."""
    if first is None or first.inside is not None or first.taken.fixture is not None or seen.file:
        return ()
    test = evidence.test.nodeid.rpartition("::")[2] if evidence.test else ""
    names = {one.name for one in (first.taken.place, seen.used_at) if one is not None}
    in_test = first.taken.test is None and names == {test.partition("[")[0]}
    return () if in_test else ("enter",)


def _certainty(seen: ExhaustedPool) -> Certainty:
    return "certain" if seen.holders and all(one.kept for one in seen.holders) else "likely"


def _subject(seen: ExhaustedPool, first: HeldConnection | None) -> Subject:
    if first is not None and first.name is not None:
        return Subject(name=first.name, type="connection")
    if seen.thing is not None:
        return seen.thing.subject
    if seen.file is not None:
        return Subject(name="SQLite", type="file")
    return Subject(name="PostgreSQL", type="server")


def _where(seen: ExhaustedPool, first: HeldConnection | None) -> Place | None:
    if first is not None and seen.file:
        return first.inside or first.taken.place
    if first is not None:
        return first.inside or first.lender or first.made_at or first.taken.place
    return (seen.thing.kept_at if seen.thing else None) or seen.used_at


def _pool(seen: ExhaustedPool) -> str:
    if seen.thing is None or seen.server:
        return "the server"
    if seen.thing.keeper is None or not seen.thing.subject.type.endswith(("Pool", "Engine")):
        return "the pool"
    return f"`{seen.thing.subject.name}`"


def _what(seen: ExhaustedPool) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    if seen.file:
        file = f"{seen.file[:1].upper()}{seen.file[1:]}"
        return f"{file} is locked{at} because {_wrote(seen.holders[0])} and has not committed."
    if seen.server:
        said, taken = f"The server refuses another connection{at}", _number_taken(seen)
    else:
        many = f"{seen.most} connections are" if (seen.most or 0) > 1 else "only connection is"
        pool = _pool(seen)
        said = f"{pool[:1].upper()}{pool[1:]} has no connection left{at}"
        taken = f" because its {many} taken"
    return f"{said}{taken} {_holders(seen)}".rstrip() + "."


def _wrote(one: HeldConnection) -> str:
    name = f"`{one.name}`" if one.name else "another connection"
    return f"{name} wrote to it {_at(one)}"


def _number_taken(seen: ExhaustedPool) -> str:
    number = sum(one.count for one in seen.holders)
    if not number:
        return ""
    return f" because {number} are taken" if number > 1 else " because one is taken"


def _holders(seen: ExhaustedPool) -> str:
    """What holds the connections, each with their number unless one holds all."""
    counted = len(seen.holders) > 1
    *others, last = ["", *(_by(one, counted) for one in seen.holders)]
    return f"{', '.join(filter(None, others))} and {last}" if any(others) else last


def _by(one: HeldConnection, counted: bool) -> str:
    count = f"{one.count} " if counted and one.count > 1 else ""
    name = f"by `{one.name}` " if one.name else ""
    return f"{count}{name}{_at(one)}"


def _at(one: HeldConnection) -> str:
    fixture = f" in fixture `{one.taken.fixture}`" if one.taken.fixture else ""
    since = f" since {one.taken.test}" if one.taken.test else ""  # the first of those it took
    return f"at {one.taken.place}{fixture}{since}"


def _why(seen: ExhaustedPool) -> str:
    if seen.server:
        return (
            "PostgreSQL accepts a fixed number of clients, 100 by default. Each connection counts"
            " until it is closed, even after its test has ended."
        )
    if seen.file:
        return (
            "SQLite lets one connection at a time write to a file. Another one waits for its"
            " `timeout`, five seconds by default, and then fails."
        )
    silent = "" if seen.said else " asyncpg's pool then waits without a message."
    if all(one.kept for one in seen.holders):
        return (
            "A pool lends a fixed number of connections. One that is not released is missing, even"
            f" after its test has ended{';' if silent else '.'}{silent}"
        )
    return f"More tasks need a connection at once than the pool has.{silent}"


def _fix(seen: ExhaustedPool, first: HeldConnection | None) -> str:
    if first is None or not first.kept:
        return (
            "Let each task hold its connection only briefly, with `async with`, and take no second"
            " one inside. Otherwise give the pool as many connections as tasks use at once."
        )
    name = f"`{first.name}`" if first.name else "it"
    if seen.file:
        return _fix_of_file(first)
    if seen.server:
        return (
            f"Close {name} where it is opened, with `async with` or after a fixture's `yield`. Or"
            " let all share one pool. A higher limit only fails later."
        )
    if first.inside is not None:
        return (
            f"Take no second connection inside the block: at {first.inside} use {name}, or pass it"
            " on. Or move that line out of the block. A larger pool only fails later."
        )
    if first.lender is not None:
        return (
            f"Let `{first.lender.name}` release {name} when its block ends: after its `yield`, with"
            " `async with` or `finally`. A larger pool only fails later."
        )
    if first.taken.fixture is not None:
        return (
            f"Let fixture `{first.taken.fixture}` release what {name} took before its `yield`, with"
            " `async with` or `commit()`. Or let the test use that one. A larger pool only fails"
            " later."
        )
    return (
        f"Take {name} with `async with`, and take no second connection inside it. A larger pool"
        " only fails later."
    )


def _fix_of_file(first: HeldConnection) -> str:
    name = f"`{first.name}`" if first.name else "the connection that wrote first"
    longer = "A longer timeout only fails later."
    if first.inside is not None:
        return (
            f"Write through one connection: at {first.inside} use {name}, or pass it on. Or commit"
            f" {name} before that line. {longer}"
        )
    if first.taken.fixture is not None:
        return (
            f"Let fixture `{first.taken.fixture}` commit what {name} wrote before its `yield`. Or"
            f" let the test use that connection. {longer}"
        )
    return f"Commit what {name} wrote at {first.taken.place}, or write through {name}. {longer}"
