"""LC602 table-exists: the schema is created twice.

What: a fixture or test creates a table, type or index that already exists. The database outlives
      the fixture, an earlier test left the table, two connections create it at once, or a model is
      declared twice.
Why:  `create table` fails if the table exists. A database in a file or on a server keeps its tables
      from test to test, and from run to run.
Fix:  give database and schema the same lifetime: a new database for each test, or both for the
      session. Or let the fixture drop what it created, after its `yield`. `if not exists` keeps old
      columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Place, SchemaRecord, Subject, TableStory

CODE, SLUG = "LC602", "table-exists"
SUPERSEDES: frozenset[str] = frozenset()
AFTER_OTHERS = True
SAYS = (
    "table … already exists",
    'relation "…" already exists',
    'type "…" already exists',
    "is already defined for this MetaData instance",
    "current transaction is aborted",
    "index … already exists",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that created it first, and the line that creates it again."""
    if only_asserted(evidence):
        return
    from loopcheck.case import schema_evidence  # late: for its own cases

    seen = evidence.ask(schema_evidence.find_schema)
    if seen is None or seen.what not in ("exists", "defined twice"):
        return
    first = _first(seen)
    if seen.what == "exists" and not seen.sure and first is None and not seen.database:
        return  # only the words of an error
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if first or seen.what == "defined twice" else "likely",
        subject=Subject(name=seen.table, type=seen.kind),
        where=_where(seen, first),
        made_at=first.done.place if first else seen.first,
        used_at=seen.used_at,
        what=_what(seen, first),
        why=_why(seen, first),
        fix=_fix(seen, first),
        remedy=_remedy(seen, first),
    )


def _remedy(seen: SchemaRecord, first: TableStory | None) -> tuple[str, ...]:
    if seen.bare:
        return ("cache",)
    if seen.what == "defined twice":
        return ("declare",)
    again = first is not None and first.done.fixture is not None and first.done.test is not None
    if seen.at_once or not again or seen.kind != "table":
        return ()
    return ("drop", seen.table, "commit" if "SQLite" in (seen.database or "") else "")


def _first(seen: SchemaRecord) -> TableStory | None:
    """What created it in this database, if nothing has dropped it since."""
    here = [one for one in seen.story if one.same]
    return here[-1] if here and here[-1].verb == "create" else None


def _left(first: TableStory | None) -> bool:
    """True if a test created it, not a fixture."""
    return first is not None and first.done.fixture is None and first.done.test is not None


def _same_test(first: TableStory | None) -> bool:
    """True if a fixture created it for this test, and the test creates it again elsewhere."""
    return first is not None and first.done.test is None and first.done.fixture is not None


def _twice(seen: SchemaRecord, first: TableStory | None) -> bool:
    """True if the test itself creates it twice."""
    if first is None or first.done.test is not None or first.done.fixture is not None:
        return False
    name = seen.used_at.name if seen.used_at else None
    return name == first.done.place.name and (name or "").startswith("test")


def _where(seen: SchemaRecord, first: TableStory | None) -> Place | None:
    if first is not None and _left(first):
        return first.done.place
    # Migrations are right for one database; the fixture that runs them for each test is wrong.
    runs = seen.what == "exists" and not seen.at_once
    return (seen.fixture_at if runs else None) or seen.used_at


def _what(seen: SchemaRecord, first: TableStory | None) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    kind = seen.kind.capitalize()
    if seen.what == "defined twice":
        model = f", but `{seen.models}` at {seen.model} already declares it" if seen.model else ""
        model = f", but {seen.first} already declares it" if seen.first else model
        return f"Table `{seen.table}` is declared a second time{at}{model}."
    again = f"{kind} `{seen.table}` is created{at}"
    if seen.at_once:
        return f"{again} by two connections at the same time."
    if first is None and seen.memory:
        return f"{again}, but it already exists."
    if first is None:
        unseen = ", or loopcheck did not see what created it" if seen.unfollowed else ""
        return f"{again}, but it is older than this run{unseen}."
    fixture = f" in fixture `{first.done.fixture}`" if first.done.fixture else ""
    during = f" during {first.done.test}" if first.done.test else ""
    return f"{again}, but it was already created at {first.done.place}{fixture}{during}."


def _why(seen: SchemaRecord, first: TableStory | None) -> str:
    where = seen.database or "The database"
    where = where[0].upper() + where[1:]
    if seen.bare:
        maker = _maker(seen)
        each = f" Each call of `{maker}` declares it anew." if maker and not seen.first else ""
        return f"A `MetaData` accepts each table once.{each}"
    if seen.what == "defined twice":
        return (
            "A `MetaData` accepts each table once. A class inside a test or fixture is declared"
            " again each time, and a module with two names runs twice."
        )
    if seen.at_once:
        return "`if not exists` looks first and then creates; another connection was faster."
    if _same_test(first):
        return "Two places create the schema of this test's database, and the second finds it."
    if _twice(seen, first):
        return f"The test creates the {seen.kind} twice, and does not drop it in between."
    if first is not None and first.done.fixture is not None:
        return f"{where} outlives the fixture that creates the {seen.kind}; the fixture runs again."
    return f"{where} keeps its contents from test to test, and nothing dropped the {seen.kind}."


def _maker(seen: SchemaRecord) -> str | None:
    """The function that creates the table, if one does."""
    name = seen.used_at.name if seen.used_at else None
    return name if name and not name.startswith("<") else None


def _fix(seen: SchemaRecord, first: TableStory | None) -> str:
    if seen.bare:
        return (
            "Create the `Table(…)` once, at the top of a module, and import it under one name. Or"
            " give each its own `MetaData`. `extend_existing=True` mixes the columns of both."
        )
    if seen.what == "defined twice":
        return (
            "Declare the class once, at the top of a module, and import it under one name. Or give"
            " the test its own base. `extend_existing=True` mixes the columns of both."
        )
    if seen.at_once:
        return (
            "Create the schema once, before the others start: in one fixture, and under xdist in"
            " one database for each worker."
        )
    if _same_test(first):
        return (
            "Create the schema in one place: in the fixture, or in the code under test; call the"
            " other without it."
        )
    if _twice(seen, first):
        return f"Create `{seen.table}` once in this test, or drop it before you create it again."
    if _left(first):
        return (
            f"Drop `{seen.table}` where it was created, or give each test its own database:"
            " `tmp_path`, or `create database`."
        )
    return (
        "Give database and schema one scope: create both for each test (`tmp_path`), or both once"
        f" for all. Or drop `{seen.table}` after the fixture's `yield`. `if not exists` would keep"
        " old columns."
    )
