"""LC604 stale-pool: a pool, a client or another object is used after its end, or before it is open.

What: the code uses a pool, a client, a connection, an executor or another object after its end, or
      before anything has opened it. It was closed, released or never opened; or the server ended
      the connection; or it is a database pool that was created on the loop of an earlier test,
      which is closed.
Why:  an open connection belongs to the loop that opened it, and by default each test has its own
      loop. asyncpg then raises `another operation is in progress`, and from the second time on it
      waits forever.
Fix:  create pool and engine in an async fixture of the tests that use them, and close them only
      there: `async with asyncpg.create_pool(…) as pool: yield pool`. Or give the fixture and its
      tests one wider loop. `pool_pre_ping=True` helps if the server was restarted, but not on
      another loop.

Every object with a `close` is here, not only pools: an HTTP client, a stream, a socket, a file, an
executor, a class of the project. A line uses it after its end, or asserts then that it is open, and
the remedy is the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import (
    asyncio_runs,
    loop_words,
    of_a_library,
    of_two_files,
    only_asserted,
    strangers,
)
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import BoundRecord, DoneAt, Evidence, Opening, Place, StalePool

CODE, SLUG = "LC604", "stale-pool"
SUPERSEDES = frozenset({"LC101", "LC203", "LC307", "LC603"})
AFTER_OTHERS = True
SAYS = (
    "pool is closed",
    "pool is closing",
    "pool is not initialized",
    "connection is closed",
    "connection was closed in the middle of operation",
    "connection has been released back to the pool",
    "Connection closed by server",
    "terminating connection due to administrator command",
    "Connection reset by peer",
    "another operation is in progress + asyncpg/pool.py",
    "Event loop is closed + asyncpg/pool.py",
    "attached to a different loop + AsyncAdaptedQueuePool",
    "attached to a different loop + sqlalchemy/pool",
    "no active connection",
    "server closed the connection unexpectedly",
    "cannot schedule new futures after shutdown",
    "Cannot send a request, as the client has been closed",
    "Session is closed",
    "ClosedResourceError",
    "Bad file descriptor",
    "I/O operation on closed file",
    "Cannot operate on a closed database",
    "has not been entered",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the pool that the failing lines used after its end."""
    said = loop_words(evidence)
    seen = _ended(evidence) if said is None else None
    if seen is not None and (seen.ended is not None or not strangers(evidence)):
        yield _of_state(seen, evidence)
        return
    if seen is None and evidence.failed:
        from loopcheck.modes.databases.lc604_stale_pool import left_half_done  # late: few need it

        yield from left_half_done.findings(evidence, CODE, SLUG)
    sure: Certainty = "certain" if said is not None else "likely"
    if said is not None or of_a_library(evidence):
        for thing in strangers(evidence):
            if thing.pool and thing.loop.state == "closed":
                yield _of_loop(thing, evidence, sure)
                return


def _ended(evidence: Evidence) -> StalePool | None:
    from loopcheck.modes.databases.lc604_stale_pool import evidence as questions  # late: as needed

    if only_asserted(evidence):
        return evidence.ask(questions.find_denied_end) if evidence.failed else None
    return evidence.ask(questions.find_stale_pool)


# It outlived its loop


def _of_loop(thing: BoundRecord, evidence: Evidence, certainty: Certainty) -> Finding:
    name, home, here = thing.subject.name, thing.loop, evidence.used_on
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=thing.subject,
        where=thing.kept_at or thing.made_at or thing.used_at,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=str(home) if here else None,
        used_on=str(here) if here else None,
        what=f"`{name}` opened its connections on {home}, now closed"
        f"{f', and is used on {here}' if here else ''}.",
        why=_why_loop(name, thing.subject.type),
        fix=_fix_loop(thing, evidence),
        remedy=_remedy_of_loop(thing, evidence),
    )


def _why_loop(name: str, kind: str) -> str:
    words = (
        " asyncpg raises `another operation is in progress`, or waits forever."
        if kind.startswith("asyncpg.")
        else ""
    )
    return (
        f"`{name}` ({kind.rpartition('.')[2]}) keeps connections open, and a connection works only"
        f" on the loop that opened it.{words}"
    )


def _fix_loop(thing: BoundRecord, evidence: Evidence) -> str:
    name, fixture = thing.subject.name, thing.fixture
    if not asyncio_runs(evidence.test):
        return (
            f"Create `{name}` inside the coroutine that uses it, and close it there, once for each"
            " loop."
        )
    name = fixture or name
    scope = _scope_for_all(thing, evidence)
    return (
        f"Create `{name}` for each test in a `@pytest_asyncio.fixture`, and close it after its"
        " `yield`. Or give the tests one loop,"
        f' `pytestmark = pytest.mark.asyncio(loop_scope="{scope}")`, and create `{name}` in a'
        f' `@pytest_asyncio.fixture(scope="{scope}", loop_scope="{scope}")`.'
    )


def _scope_for_all(thing: BoundRecord, evidence: Evidence) -> str:
    found = next((f for f in evidence.fixtures if f.name == thing.fixture), None)
    if of_two_files(thing.loop, evidence):
        return "session"
    return found.scope if found is not None and found.scope != "function" else "module"


def _remedy_of_loop(thing: BoundRecord, evidence: Evidence) -> tuple[str, ...]:
    if not asyncio_runs(evidence.test):
        return ()
    return ("one loop", _scope_for_all(thing, evidence), thing.fixture or "")


# It was closed, released or ended by its server


def _of_state(seen: StalePool, evidence: Evidence) -> Finding:
    thing = seen.thing
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain"
        if seen.surely and seen.denied is None and (seen.ended is not None or seen.how != "closed")
        else "likely",
        subject=thing.subject,
        where=_where(seen),
        made_at=thing.made_at,
        used_at=seen.used_at if seen.part is None else None,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
        remedy=_remedy(seen),
    )


def _where(seen: StalePool) -> Place | None:
    thing, ended = seen.thing, seen.ended
    own = thing.kept_at or thing.made_at
    if seen.part is not None or (seen.needs is not None and seen.needs.ends):
        return seen.used_at
    if seen.needs is not None and thing.made_at is not None and thing.made_at.name == thing.fixture:
        return thing.made_at  # the next line has to open it
    if ended is None:
        return own or seen.used_at
    if _closes_its_own(seen) and seen.way != "call":
        return own or ended.place  # the fixture closes what it returns
    return thing.made_at if _is_cached(seen) else ended.place


def _closes_its_own(seen: StalePool) -> bool:
    """Return whether the fixture that provides the object closed it."""
    return seen.ended is not None and seen.ended.fixture == seen.thing.fixture is not None


def _is_cached(seen: StalePool) -> bool:
    """Return whether an entry of a global container still is the object that a test closed."""
    thing, ended = seen.thing, seen.ended
    entry = thing.keeper == "global" and thing.subject.name.endswith("]")
    return entry and ended is not None and ended.test is not None and thing.made_at is not None


def _what(seen: StalePool) -> str:
    name = f"`{seen.thing.subject.name}`"
    uses = f"{seen.used_at} uses {name}" if seen.used_at else f"The test uses {name}"
    if seen.denied is not None and seen.denied.later is not None and seen.ended is not None:
        return (
            f"Once {seen.ended.place} has closed {name}, `{seen.denied.asked}` is what"
            f" {seen.denied.later} asserts, and not what {seen.used_at} asserts."
        )
    if seen.denied is not None and seen.ended is not None:
        return f"{seen.used_at} asserts that {name} is open, after {seen.ended.place} closed it."
    if seen.needs is not None:
        done = "entered it" if seen.needs.enters else f"called its `{seen.needs.method}`"
        return f"{uses} before anything has {done}."
    if seen.how == "not opened":
        return f"{uses}, which was never opened because nothing awaited it."
    if seen.how == "ended":
        return f"{uses} after the server ended its connection."
    if seen.part is not None and seen.ended is not None:
        return (
            f"{seen.used_at} uses `{seen.part}`, which came from {name}, after"
            f" {seen.ended.place} closed {name}."
        )
    if seen.ended is not None:
        return f"{uses} after {_ended_by(seen.ended, seen.how, seen.kind)}."
    over = "given back to its pool" if seen.how == "released" else "closed"
    over = "shut down" if seen.kind == "executor" else over
    return f"{uses} after it was {over}."


def _ended_by(done: DoneAt, how: str, kind: str) -> str:
    act = "gave it back to its pool" if how == "released" else "closed it"
    act = "shut it down" if kind == "executor" else act
    by = (
        f"fixture `{done.fixture}` {act} at {done.place}" if done.fixture else f"{done.place} {act}"
    )
    return f"{by} during {done.test}" if done.test else by


def _why(seen: StalePool) -> str:
    if seen.denied is not None and seen.denied.later is not None:
        return "The two lines contradict each other, and only assertions are between them."
    if seen.denied is not None:
        kind, flag = seen.thing.subject.type.rpartition(".")[2], seen.denied
        return f"Closing a `{kind}` sets its `{flag.attribute}` to {flag.now}."
    if seen.needs is not None:
        return _why_opened(seen.needs, seen.thing.subject.type.rpartition(".")[2])
    if seen.how == "not opened":
        return "`create_pool(…)` and `connect(…)` connect only when they are awaited or entered."
    if seen.how == "ended":
        return (
            "A connection ends if the server restarts, drops its database, runs"
            " `pg_terminate_backend`, or if it is idle too long. The client does not notice."
        )
    if seen.kind == "object":
        kind = seen.thing.subject.type.rpartition(".")[2]
        if seen.part is not None:
            return (
                f"The end of its `with` block closed the `{kind}`, and what came from it and is not"
                " read yet is lost."
            )
        block = " The end of its `with` block closed it." if seen.way == "block" else ""
        return f"A closed `{kind}` refuses this call.{block}"
    if seen.kind == "executor":
        return (
            "An executor that has shut down takes no more jobs, and can't be started again; after"
            " `with` it has shut down."
        )
    if seen.kind == "pool":
        return (
            "A closed pool has no connections and opens none, so a wider fixture or a global that"
            " still holds it can't use it."
        )
    if seen.how == "released":
        return (
            "After `release()`, or after `async with pool.acquire()`, the connection belongs to its"
            " next user. The old name no longer works."
        )
    return "A closed connection cannot be opened again; after `async with` it is closed."


def _why_opened(needs: Opening, kind: str) -> str:
    ready = "the block around it begins" if needs.enters else f"`{needs.method}` has run"
    return f"`{needs.attribute}` of a `{kind}` is {needs.now} until {ready}."


def _remedy(seen: StalePool) -> tuple[str, ...]:
    if seen.kind == "executor":
        return ()
    if seen.needs is not None:
        when = "open before" if seen.needs.ends else "open"
        awaits = "await " if seen.needs.is_async else ""
        if seen.needs.enters:
            return ("enter", "async with" if seen.needs.is_async else "with")
        return (when, seen.needs.method, awaits)
    if seen.denied is not None:
        return ("close below",)
    if seen.how == "not opened":
        return ("await",)
    if _closes_its_own(seen) and seen.how not in ("ended", "released"):
        return ("yield above",) if seen.way == "call" else ("yield",)
    if seen.kind == "object" and seen.surely and seen.way in ("call", "block"):
        return ("use before", seen.way)
    if seen.closed_as is not None and seen.ended is not None and "." in seen.closed_as:
        return ("forget", seen.closed_as)
    return ()


def _fix(seen: StalePool) -> str:
    name = seen.thing.subject.name
    if seen.needs is not None:
        return _fix_opened(seen.needs, seen)
    if seen.part is not None and seen.ended is not None:
        return f"Move {seen.used_at} into the block of {seen.ended.place}."
    if seen.denied is not None and seen.ended is not None:
        if seen.way == "block":
            return f"Move {seen.used_at} into the block of {seen.ended.place}."
        return f"Move {seen.ended.place}, which closes `{name}`, below {seen.used_at}."
    if seen.how == "not opened":
        return f"Await it, or enter it: `async with … as {name.rpartition('.')[2]}:`."
    if seen.how == "ended":
        return (
            f"Create `{name}` again after the server restarts or its database is dropped. An engine"
            " with `pool_pre_ping=True` checks each connection first; an asyncpg pool replaces idle"
            " connections by itself."
        )
    if seen.how == "released":
        return (
            f"Use `{name}` only inside its `async with`. If a helper or a fixture provides it,"
            " `yield` it there; do not `return` it."
        )
    if seen.ended is not None and _closes_its_own(seen):
        if seen.way == "call":
            return f"Let the fixture `yield` first, and close `{name}` after its `yield`."
        return f"Let the fixture `yield` `{name}` inside its `async with`, and close it afterwards."
    if _is_cached(seen) and seen.ended is not None:
        return (
            f"{seen.thing.made_at} fills a cache, which still has the closed one as `{name}`."
            f" Create a new one there if that is closed, or remove the entry where"
            f" {seen.ended.place} closes it."
        )
    if seen.closed_as is not None and seen.ended is not None:
        given = "`" if "." in seen.closed_as else f"`, with `global {seen.closed_as}`,"
        return (
            f"Set `{seen.closed_as} = None{given} after {seen.ended.place}: {seen.asked_at} creates"
            " a new one only if there is none."
        )
    if seen.kind == "object" and seen.way == "returned" and seen.ended is not None:
        return (
            f"`{seen.ended.place.name}` closes `{name}` and returns it. Make it a context manager"
            f" that yields `{name}` before the close, or create `{name}` where it is used."
        )
    if seen.kind == "object" and seen.way is not None:
        use = "inside that block" if seen.way == "block" else "before that line"
        return (
            f"Use `{name}` {use}. If it is for several tests, create it in a fixture and close it"
            " there, after the `yield`."
        )
    close = "Shut down" if seen.kind == "executor" else "Close"
    return (
        f"{close} `{name}` only where it is created, after its last use: in the fixture, after its"
        " `yield`. Let a test that closes one create its own."
    )


def _fix_opened(needs: Opening, seen: StalePool) -> str:
    name, awaits = seen.thing.subject.name, "await " if needs.is_async else ""
    if needs.enters:
        word = "async with" if needs.is_async else "with"
        kept = name.rpartition(".")[2]
        return f"Enter it with `{word} … as {kept}:`, and use it only inside that block."
    call = f"`{awaits}{name}.{needs.method}()`"
    if needs.ends:
        return f"Before {seen.used_at}, call {call}."
    if seen.thing.fixture is not None:
        return f"Let the fixture `{seen.thing.fixture}` call {call} before its `yield`."
    return f"Before the first use, call {call}, and close it after the last."
