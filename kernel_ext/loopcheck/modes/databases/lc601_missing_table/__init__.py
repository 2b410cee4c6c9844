"""LC601 missing-table: the schema was never created, or in another (in-memory) database.

What: a query uses a table that does not exist in its database. The table was never created; or in
      another database, because each connection to `:memory:` has its own; or `create_all` did not
      know it, because its model was not imported; or the transaction was rolled back; or something
      dropped the table.
Why:  `create_all` gives no warning: it creates the tables that its metadata knows at that moment,
      in the database of the engine it gets.
Fix:  create the engine and the schema in one fixture, and use that engine in the test. After the
      models are imported, in `async with engine.begin() as connection:`, run
      `await connection.run_sync(Base.metadata.create_all)`. For SQLite in memory, add
      `poolclass=StaticPool`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.light import dataclass
from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import DoneAt, Evidence, Place, SchemaRecord, Subject, TableStory

CODE, SLUG = "LC601", "missing-table"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    'relation "…" does not exist',
    "no such table",
    "UndefinedTableError",
    "has no attribute '_run_ddl_visitor'",
)
MAKE = (
    "`async with engine.begin() as connection: await connection.run_sync(Base.metadata.create_all)`"
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the table, and what happened to it."""
    if only_asserted(evidence):
        return
    from loopcheck.case import schema_evidence  # late: for its own cases

    seen = evidence.ask(schema_evidence.find_schema)
    if seen is None or seen.what not in ("missing", "not awaited"):
        return
    if seen.unknown and seen.near:
        return  # a typo: the database's own message names it
    said = _explained(seen)
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty=_certainty(seen),
        subject=Subject(name=seen.table, type=seen.kind),
        where=said.where or (seen.thing.kept_at if seen.thing else None) or seen.used_at,
        made_at=seen.thing.made_at if seen.thing else None,
        used_at=seen.used_at,
        what=said.what,
        why=said.why,
        fix=said.fix,
        remedy=said.remedy,
    )


def _certainty(seen: SchemaRecord) -> Certainty:
    story = [one for one in seen.story if not one.done.apart]
    proved = story or seen.empty or seen.memory or seen.what == "not awaited"
    return "certain" if proved else "likely"


@dataclass(frozen=True)
class Explained:
    """The line to change and the three sentences; what a machine can do, if it can."""

    where: Place | None
    what: str
    why: str
    fix: str
    remedy: tuple[str, ...] = ()


def _explained(seen: SchemaRecord) -> Explained:
    if seen.what == "not awaited":
        return _not_awaited(seen)
    here = [one for one in seen.story if one.same]
    if here and here[-1].verb == "drop":
        return _dropped(seen, here[-1])
    if here and _in_schema(here[-1].name) != _in_schema(seen.table):
        return _other_schema(seen, here[-1])
    if here:
        return _uncommitted(seen, here[-1])
    if made := [one for one in seen.story if one.verb == "create" and not one.done.apart]:
        return _elsewhere(seen, made[-1])
    if seen.temporary is not None and seen.what == "missing":
        return _temporary(seen, seen.temporary)
    if seen.empty is not None:
        return _unknown_to_metadata(seen)
    return _never(seen)


def _asked(seen: SchemaRecord) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    by = f" through `{seen.thing.subject.name}`" if seen.thing else ""
    return f"Table `{seen.table}` is queried{at}{by}"


def _in(seen: SchemaRecord) -> str:
    return f" in {seen.database}" if seen.database else ""


def _by(done: DoneAt) -> str:
    fixture = f" in fixture `{done.fixture}`" if done.fixture else ""
    during = f" during {done.test}" if done.test else ""
    return f"at {done.place}{fixture}{during}"


def _dropped(seen: SchemaRecord, last: TableStory) -> Explained:
    return Explained(
        last.done.place,
        f"{_asked(seen)}, but was dropped {_by(last.done)}.",
        "All users of a database share its tables: if one test or fixture drops one, it is gone"
        " for all.",
        f"Drop `{seen.table}` where it was created, after its last use; or create it for each test"
        " in the same fixture that drops it.",
    )


def _in_schema(name: str) -> bool:
    return "." in name


def _other_schema(seen: SchemaRecord, made: TableStory) -> Explained:
    return Explained(
        made.done.place,
        f"{_asked(seen)}, but was created as `{made.name}` {_by(made.done)}.",
        "PostgreSQL looks up a name without a schema in the `search_path`, `public` by default.",
        "Use one name in both places; or set the path on each connection:"
        ' `server_settings={"search_path": "…"}`.',
    )


def _uncommitted(seen: SchemaRecord, made: TableStory) -> Explained:
    ended = "was rolled back" if made.state == "rolled back" else "was not committed"
    if made.state == "committed":
        return Explained(
            made.done.place,
            f"{_asked(seen)}, but the table created {_by(made.done)} no longer exists.",
            "Something outside this run dropped it, or replaced the database.",
            "Create the schema in the fixture of the tests that use it.",
        )
    return Explained(
        made.done.place,
        f"{_asked(seen)}, but was created {_by(made.done)} in a transaction that {ended}.",
        "PostgreSQL creates tables within the transaction: without a commit no other connection"
        " sees them, and `engine.connect()` rolls back at its end.",
        f"Create the schema in a transaction that commits: {MAKE}.",
        ("commit",),
    )


def _elsewhere(seen: SchemaRecord, made: TableStory) -> Explained:
    there = made.words or "another database"
    if seen.memory and made.words == seen.database:
        thing = seen.thing
        pool = seen.pool == "NullPool"
        each = " `NullPool` opens a new connection each time." if pool else ""
        one_place = (
            ' and keep one connection: `create_async_engine("sqlite+aiosqlite://",'
            " poolclass=StaticPool)`."
            if seen.pool
            else ' or open a file, `tmp_path / "test.db"`, which all connections share.'
        )
        apart = thing is not None and thing.fixture is None and pool  # no fixture to change
        own = (thing.made_at if apart else thing.kept_at) if thing else None
        local = thing is not None and thing.keeper == "local" and thing.fixture is None
        handed = (
            seen.memory_at if local else None
        )  # the application connects to the address that it gets
        own = handed or own
        remedy: tuple[str, ...] = ("one connection",) if seen.pool else ()
        if apart:
            fix = f"Keep{one_place.removeprefix(' and keep')}"
        elif handed:
            fix = f'Use a file at {handed}: `tmp_path / "test.db"`, which all connections share.'
            remedy = ("file",)
        else:
            hand = "Let the fixture that creates the schema yield its own engine or connection;"
            fix = f"{hand}{one_place}"
            if _of_another_fixture(seen):
                remedy = ()
        return Explained(
            own or made.done.place,
            f"{_asked(seen)}, but was created {_by(made.done)} in another in-memory SQLite"
            " database.",
            f"Each connection to `:memory:` has its own database, empty at first.{each}",
            fix,
            remedy,
        )
    return Explained(
        None,
        f"{_asked(seen)}{_in(seen)}, but was created {_by(made.done)} in {there}.",
        "These are two databases: a table in one does not exist in the other.",
        "Let one fixture provide the address, and use it everywhere: in the schema's fixture, the"
        " application and the test.",
    )


def _of_another_fixture(seen: SchemaRecord) -> bool:
    """True if no fixture that made the schema has the engine: each keeps a database of its own."""
    makers = {one.done.fixture for one in seen.story}
    return seen.thing is not None and seen.thing.fixture not in makers


def _temporary(seen: SchemaRecord, made: DoneAt) -> Explained:
    return Explained(
        made.place,
        f"{_asked(seen)}, but was created {_by(made)} as a temporary table.",
        "A temporary table belongs to the connection that created it: other connections of the"
        " same pool don't see it.",
        f"Create and use `{seen.table}` on one connection, inside one `async with`; or create a"
        " permanent table.",
    )


def _unknown_to_metadata(seen: SchemaRecord) -> Explained:
    done = seen.empty
    declared = (
        f"`{seen.models}`{f' at {seen.model}' if seen.model else ''} has another base, or was"
        " imported later."
        if seen.models
        else "No imported module declares this one."
    )
    return Explained(
        done.place if done else None,
        f"{_asked(seen)}, but the `create_all` at {done.place if done else '?'} did not know it.",
        f"`create_all` creates the tables that its metadata knows at that moment. {declared}",
        f"Import the module that declares `{seen.table}` before `create_all`, and call it on the"
        " metadata of that model's own base.",
    )


def _never(seen: SchemaRecord) -> Explained:
    declared = f" `{seen.models}` at {seen.model} only declares it." if seen.model else ""
    new = "An in-memory database starts empty." if seen.memory else "A new database starts empty."
    make = MAKE if seen.models else f"`create table {seen.table} (…)`"
    apart = [one for one in seen.story if one.done.apart]
    if apart:
        new = f"The table created {_by(apart[-1].done)} is in that test's own database."
    followed = "nothing in this run created it there" if seen.database else "it does not exist"
    return Explained(
        None,
        f"{_asked(seen)}{_in(seen)}, but {followed}.",
        f"{new}{declared}",
        f"Create the schema in the fixture that provides the connection: {make}; or run the"
        " migrations there.",
        ("create", seen.models, seen.model.file)
        if seen.models and seen.model and not apart
        else (),
    )


def _not_awaited(seen: SchemaRecord) -> Explained:
    at = f" at {seen.used_at}" if seen.used_at else ""
    return Explained(
        seen.used_at,
        f"`{seen.table}` is called with an async engine{at}.",
        "It is synchronous, and needs the connection that `run_sync` passes to it.",
        f"Write {MAKE.replace('create_all', seen.table)}.",
        ("run_sync",),
    )
