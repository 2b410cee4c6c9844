"""LC602 table-exists: the schema is made twice.

What: a fixture or test makes a table, type or index that is there already: the database outlives
      the fixture, an earlier test has left it, two make it at once, or a model is declared twice.
Why:  `create table` makes no second one, and a database in a file or on a server keeps what it has
      from test to test, and from run to run.
Fix:  give database and schema one life: a new database for each test, or both for the session; or
      let the fixture drop what it made, behind its `yield`. `if not exists` keeps old columns.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Place, SchemaRecord, Subject, TableStory

CODE, SLUG = "LC602", "table-exists"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "table … already exists",
    'relation "…" already exists',
    'type "…" already exists',
    "is already defined for this MetaData instance",
    "current transaction is aborted",
    "index … already exists",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name who made it first, and who wants to make it again."""
    if only_asserted(evidence):
        return
    from loopcheck.case import schema_evidence  # late: for its own cases

    seen = evidence.ask(schema_evidence.find_schema)
    if seen is None or seen.what not in ("exists", "defined twice"):
        return
    first = _first(seen)
    if seen.what == "exists" and not seen.sure and first is None and not seen.database:
        return  # words alone
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
    )


def _first(seen: SchemaRecord) -> TableStory | None:
    """Return who made it in this database, if nobody has dropped it since."""
    here = [one for one in seen.story if one.same]
    return here[-1] if here and here[-1].verb == "create" else None


def _left(first: TableStory | None) -> bool:
    """Return whether a test, and no fixture, made it."""
    return first is not None and first.done.fixture is None and first.done.test is not None


def _same_test(first: TableStory | None) -> bool:
    """Return whether a fixture made it for this very test, which goes on to make it elsewhere."""
    return first is not None and first.done.test is None and first.done.fixture is not None


def _twice(seen: SchemaRecord, first: TableStory | None) -> bool:
    """Return whether the test makes it twice by itself."""
    if first is None or first.done.test is not None or first.done.fixture is not None:
        return False
    name = seen.used_at.name if seen.used_at else None
    return name == first.done.place.name and (name or "").startswith("test")


def _where(seen: SchemaRecord, first: TableStory | None) -> Place | None:
    if first is not None and _left(first):
        return first.done.place
    # Migrations are right for one database: who runs them for each test is not.
    runs = seen.what == "exists" and not seen.at_once
    return (seen.fixture_at if runs else None) or seen.used_at


def _what(seen: SchemaRecord, first: TableStory | None) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    kind = seen.kind.capitalize()
    if seen.what == "defined twice":
        model = f": `{seen.models}` at {seen.model} declares it already" if seen.model else ""
        model = f": it is declared at {seen.first} already" if seen.first else model
        return f"Table `{seen.table}` is declared a second time{at}{model}."
    again = f"{kind} `{seen.table}` is made{at}, and is there already"
    if seen.at_once:
        return f"{kind} `{seen.table}` is made{at} by two at the same time."
    if first is None:
        older = "it is older than this run"
        if seen.unfollowed:
            older += ", or loopcheck did not see who made it"
        return f"{again}: {older}." if not seen.memory else f"{again}."
    fixture = f" in fixture `{first.done.fixture}`" if first.done.fixture else ""
    during = f" during {first.done.test}" if first.done.test else ""
    return f"{again}: it was made at {first.done.place}{fixture}{during}."


def _why(seen: SchemaRecord, first: TableStory | None) -> str:
    where = seen.database or "The database"
    where = where[0].upper() + where[1:]
    if seen.bare:
        maker = _maker(seen)
        each = f" Each call of `{maker}` declares it anew." if maker and not seen.first else ""
        return f"A metadata knows each table once.{each}"
    if seen.what == "defined twice":
        return (
            "A metadata knows each table once. A class that is declared in a test or fixture is"
            " declared again each time; a module with two names is run twice."
        )
    if seen.at_once:
        return "`if not exists` looks first and makes then: in between somebody else made it."
    if _same_test(first):
        return "One test has one database, and two places make its schema: the second finds it."
    if _twice(seen, first):
        return f"The test makes the {seen.kind} twice, and does not drop it in between."
    if first is not None and first.done.fixture is not None:
        return f"{where} outlives the fixture that makes the {seen.kind}, which runs again."
    return f"{where} keeps what it has from test to test, and nobody has dropped it."


def _maker(seen: SchemaRecord) -> str | None:
    """Return the function that makes the table, if one does."""
    name = seen.used_at.name if seen.used_at else None
    return name if name and not name.startswith("<") else None


def _fix(seen: SchemaRecord, first: TableStory | None) -> str:
    if seen.bare:
        return (
            "Make the `Table(…)` once, at the top of a module, and import it by one name; or give"
            " each its own `MetaData`. `extend_existing=True` mixes the columns of both."
        )
    if seen.what == "defined twice":
        return (
            "Declare the class once, at the top of a module, and import it by one name; or give the"
            " test a base of its own. `extend_existing=True` mixes the columns of both."
        )
    if seen.at_once:
        return (
            "Make the schema once, before the others begin: in one fixture, and under xdist in a"
            " database for each worker."
        )
    if _same_test(first):
        return (
            "Make the schema in one place: leave it to the fixture, or to the code that is tested,"
            " and call the other without it."
        )
    if _twice(seen, first):
        return f"Make `{seen.table}` once in this test, or drop it before it is made again."
    if _left(first):
        return (
            f"Drop `{seen.table}` where it was made, or give each test a database of its own:"
            " `tmp_path`, or `create database`."
        )
    return (
        "Give database and schema one scope: both new for each test (`tmp_path`), or both made once"
        f" for all. Or drop `{seen.table}` behind the fixture's `yield`. `if not exists` would keep"
        " old columns."
    )
