"""A missing or already existing table: from the error's fields and from the declared models."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any, Literal, cast

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import failure, objects
from loopcheck.process.databases import stale_connections, table_statements
from loopcheck.records import Place
from loopcheck.source import calls, parsed_files
from loopcheck.source.modules import Space, only_call, spaces, text_of
from loopcheck.source.nodes import spans_line

peek = objects.peek
MISSING = re.compile(r'no such table: (?:main\.)?(?P<sqlite>[^\s;]+)|relation "(?P<pg>[^"]+)"')
THERE = re.compile(
    r"(?P<kind>table|index|view|type|schema|relation) [\"']?(?P<name>[^\"'\s]+)[\"']?"
    r" already exists"
)
UNDEFINED = frozenset({"42P01"})
DUPLICATE = frozenset({"42P07", "42710", "42P06"})
AT_ONCE = ("pg_type_typname_nsp_index", "pg_class_relname_nsp_index")


@dataclass(frozen=True, eq=False)
class Said:
    """The table that a database refused. Lives only while a look runs."""

    what: Literal["missing", "exists", "defined twice", "not awaited"]
    table: str
    kind: str = "table"
    sure: bool = True  # a class or a number of the error shows it, not its words
    connection: Any = None  # the driver's
    at_once: bool = False


def of(link: failure.Link) -> Said | None:
    """Return what the database, or SQLAlchemy before it, refused in the lines of *link*."""
    kind = objects.type_name(link.error)
    words = objects.all_said(link.error)
    if kind.startswith(("asyncpg.exceptions.", "psycopg.errors.")):
        return _of_postgres(link, words)
    if kind == "sqlite3.OperationalError":
        return _of_sqlite(link, words)
    if kind == "sqlalchemy.exc.InvalidRequestError":
        return _defined(link)
    if kind == "AttributeError" and (said := _not_awaited(link)) is not None:
        return said
    return None


def _of_postgres(link: failure.Link, words: str) -> Said | None:
    state = stale_connections.peek_class(link.error, "sqlstate")
    connection = next(filter(None, map(_asyncpg, stale_connections.selves(link))), None)
    if state in UNDEFINED and (found := MISSING.search(words)) is not None and found["pg"]:
        return Said("missing", found["pg"], connection=connection)
    if state in DUPLICATE and (there := THERE.search(words)) is not None:
        kind = "table" if there["kind"] == "relation" else there["kind"]
        return Said("exists", there["name"], kind, connection=connection)
    if state == "23505" and any(index in words for index in AT_ONCE):
        return Said("exists", _made_by(link) or "?", connection=connection, at_once=True)
    return None


def _made_by(link: failure.Link) -> str | None:
    """Return the table that the failing statement should create."""
    for step in reversed(link.trace):
        query = step.frame.f_locals.get("query") or step.frame.f_locals.get("statement")
        if type(query) is str and (said := table_statements.read(query)):
            return said[0].names[-1]
    return None


def _of_sqlite(link: failure.Link, words: str) -> Said | None:
    connection = next(filter(None, map(_aiosqlite, stale_connections.selves(link))), None)
    if (found := MISSING.search(words)) is not None and found["sqlite"]:
        return Said("missing", found["sqlite"], sure=False, connection=connection)
    if (there := THERE.search(words)) is not None:
        return Said("exists", there["name"], there["kind"], sure=False, connection=connection)
    return None


def _asyncpg(thing: object) -> object | None:
    """Return the asyncpg connection: *thing*, or the one inside a statement or adapter."""
    for one in (thing, peek(thing, "_connection"), peek(peek(thing, "_connection"), "_con")):
        if stale_connections.is_a(one, "asyncpg.connection", "Connection"):
            return one
    return None


def _aiosqlite(thing: object) -> object | None:
    """Return the aiosqlite connection: *thing*, or the one inside a cursor or adapter."""
    for one in (thing, peek(thing, "_conn"), peek(thing, "_connection")):
        if stale_connections.is_a(one, "aiosqlite.core", "Connection"):
            return one
    return None


def where(said: Said) -> table_statements.Where:
    """Return the database that refused the statement."""
    if said.connection is None:
        return table_statements.NOWHERE
    if stale_connections.is_a(said.connection, "aiosqlite.core", "Connection"):
        return table_statements.of_aiosqlite(said.connection)
    return table_statements.of_asyncpg(said.connection)


def engine(link: failure.Link) -> Any:
    """Return the SQLAlchemy engine that the frames of *link* worked with."""
    for own in stale_connections.selves(link):
        if stale_connections.is_a(own, "sqlalchemy.engine.base", "Connection"):
            return peek(own, "engine")
    return None


# What SQLAlchemy itself refuses


def _defined(link: failure.Link) -> Said | None:
    last = link.trace[-1] if link.trace else None
    if last is None or last.module != "sqlalchemy.sql.schema":
        return None
    name, metadata = last.frame.f_locals.get("key"), last.frame.f_locals.get("metadata")
    known = peek(metadata, "tables")
    if type(name) is not str or not objects.is_a(known, dict):
        return None
    there = dict.__contains__(cast("dict[object, object]", known), name)
    return Said("defined twice", name) if there else None


def _not_awaited(link: failure.Link) -> Said | None:
    last = link.trace[-1] if link.trace else None
    name = last.frame.f_code.co_name if last is not None else ""
    if last is None or last.module != "sqlalchemy.sql.schema":
        return None
    if name not in ("create_all", "drop_all", "create", "drop"):
        return None
    bind = last.frame.f_locals.get("bind")
    asynchronous = objects.module_of(type(bind)).startswith("sqlalchemy.ext.asyncio")
    return Said("not awaited", name, connection=bind) if asynchronous else None


def calls_table(link: failure.Link) -> bool:
    """Return whether the failing line of user code calls `Table(…)` and defines no class."""
    step = link.user
    if step is None:
        return False
    there = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    return any(isinstance(one, ast.Call) and calls.last(one.func) == "Table" for one in there)


def first_table(name: str, used: Place | None, labels: Labels) -> Place | None:
    """Return the only other call of `Table("name", …)` in user code than the one at *used*."""

    def fits(space: Space, node: ast.Call) -> bool:
        said = text_of(node.args[0]) if node.args else None
        there = used is not None and space.file and labels.file(space.file) == used.file
        again = there and used is not None and spans_line(node, used.line)
        return said == name and calls.last(node.func) == "Table" and not again

    return only_call(spaces(), name, fits, labels)


# What the models declare


def metadatas() -> list[Any]:
    """Return the metadata of every declarative base of the process."""
    module = sys.modules.get("sqlalchemy.orm.mapper")
    found = module.__dict__.get("_mapper_registries") if module is not None else None
    registries = list(found) if found is not None else []
    return [one for one in (peek(registry, "metadata") for registry in registries) if one]


def tables(metadata: object) -> list[str]:
    """Return the names of the tables in SQLAlchemy's *metadata*."""
    kept = peek(metadata, "tables")
    if not objects.is_a(kept, dict):
        return []
    return [str(name) for name in dict.keys(cast("dict[object, object]", kept))]


def model(table: str, labels: Labels) -> tuple[str, Place | None] | None:
    """Return the class that declares *table*, and its line."""
    for kind in _classes():
        own = objects.class_dict(kind).get("__tablename__")
        if own != table:
            continue
        name = type.__dict__["__qualname__"].__get__(kind)
        filename = objects.users_class(kind)
        block = parsed_files.class_named(filename, name) if filename else None
        place = Place(labels.file(filename), block.lineno, name) if block and filename else None
        return str(name).rpartition("<locals>.")[2], place
    return None


def _classes() -> Iterator[type]:
    module = sys.modules.get("sqlalchemy.orm.mapper")
    found = module.__dict__.get("_mapper_registries") if module is not None else None
    for registry in list(found) if found is not None else ():
        kept = peek(registry, "_managers")
        for manager in list(cast("Iterable[object]", kept)) if kept is not None else ():
            kind = peek(manager, "class_")
            if isinstance(kind, type):
                yield kind


def near(table: str, known: list[str]) -> tuple[str, ...]:
    """Return the *known* names that are similar to *table*."""
    folded = [name for name in known if name.lower() == table.lower() and name != table]
    return tuple(folded or get_close_matches(table, known, n=1, cutoff=0.75))
