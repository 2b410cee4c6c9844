"""Tells what happened to a table, from this run's statements and the declared models."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from loopcheck.case.live import Live
from loopcheck.labels import Labels
from loopcheck.process import failure
from loopcheck.process.databases import connection_names, schemas
from loopcheck.process.objects import peek
from loopcheck.process.stores import addresses
from loopcheck.records import DoneAt, Kept, Place, SchemaRecord, TableStory
from loopcheck.source import mentions, nearness
from loopcheck.watch.stores import databases as watch

SHOWN = 6
# Drivers whose statements no watch records. SQLite's own is always loaded, and tortoise, piccolo
# and databases load aiosqlite with their first query.
UNFOLLOWED = ("psycopg", "psycopg2", "pg8000")
NAMED = ("path", "file", "db", "database", "name", "url")  # names for a database's file


def find_schema(live: Live) -> SchemaRecord | None:
    """Return what is known about the table in the error, in a run of pytest.

    That needs the statements of the run: in a notebook nothing follows them.
    """
    return read(live.error, live.item, live.tests, live.labels) if live.item is not None else None


def read(
    error: BaseException, item: Any, tests: Sequence[str], labels: Labels
) -> SchemaRecord | None:
    """Return what is known about the table in *error*."""
    for link in connection_names.passed_on(error):
        said = schemas.of(link)
        if said is not None:
            return _read(said, link, item, tests, labels)
    return None


def _read(
    said: schemas.Said, link: failure.Link, item: Any, tests: Sequence[str], labels: Labels
) -> SchemaRecord | None:
    key, words = schemas.where(said)
    found = schemas.model(said.table, labels)
    declared = [name for one in schemas.metadatas() for name in schemas.tables(one)]
    story = _story(said, key, item, tests, labels)
    known = [*declared, *(one.names[-1] for one in watch.JOURNAL.statements)]
    temporary = _temporary(said, item, tests, labels)
    unknown = said.table not in declared and not story and temporary is None
    if said.what == "missing" and unknown and not key and not _mentioned(said, item):
        return None  # only a typo, as far as the records of that driver's database show
    engine = schemas.engine(link)
    used = connection_names.used_at(link, labels)
    bare = said.what == "defined twice" and schemas.calls_table(link)
    return SchemaRecord(
        what=said.what,
        table=said.table,
        kind=said.kind,
        database=words or None,
        thing=_thing(said, engine, link, item, labels),
        used_at=used,
        story=story,
        temporary=temporary,
        model=found[1] if found else None,
        models=found[0] if found else None,
        empty=_empty(said, key, item, tests, labels),
        unknown=unknown,
        near=_near(said, known, item),
        memory=words.startswith("an in-memory"),
        memory_at=_memory_at(link, item, labels) if engine is None else None,
        fixture_at=_fixture_at(link, item, labels),
        pool=type(peek(engine, "pool")).__name__ if engine is not None else None,
        sure=said.sure,
        at_once=said.at_once,
        bare=bare,
        first=schemas.first_table(said.table, used, labels) if bare else None,
        unfollowed=key.startswith("sqlite") or any(one in sys.modules for one in UNFOLLOWED),
    )


def _near(said: schemas.Said, known: Sequence[str], item: Any) -> tuple[str, ...]:
    """Return *known* tables with similar names, unless a project file declares the table itself."""
    near = schemas.near(said.table, sorted(set(known)))
    return () if near and _mentioned(said, item) else near


def _mentioned(said: schemas.Said, item: Any) -> bool:
    """Return whether a file of the project declares the table."""
    root = item.config.rootpath if item is not None else None
    return root is not None and mentions.declares_table(said.table.rpartition(".")[2], root)


def _thing(
    said: schemas.Said, engine: Any, link: failure.Link, item: Any, labels: Labels
) -> Kept | None:
    steps = link.users
    lent = connection_names.lent(said.connection, steps) if said.connection is not None else []
    for one in (engine, said.connection, *lent):
        if one is not None:
            found = connection_names.named([one], steps, item, labels)
            if found.keeper == "argument" and found.kept_at is None:
                return connection_names.of_modules(one, steps, item, labels) or found
            if found.keeper is not None:
                return found
    return None


def _memory_at(link: failure.Link, item: Any, labels: Labels) -> Place | None:
    """Return the line with `":memory:"`, which the application may only pass on."""
    around = nearness.read(link.users, item)
    said = addresses.part(":memory:", NAMED, around, labels)
    return said.place if said is not None else None


def _fixture_at(link: failure.Link, item: Any, labels: Labels) -> Place | None:
    """Return the line of a fixture from which the statement was sent."""
    for step in link.users if item is not None else ():
        code = step.frame.f_code
        if (
            connection_names.fixture_at(code.co_filename, code.co_firstlineno, item, labels)
            is not None
        ):
            return step.place(labels)
    return None


def _story(
    said: schemas.Said, key: str, item: Any, tests: Sequence[str], labels: Labels
) -> tuple[TableStory, ...]:
    """Return what this run did to tables of that name, without the statements refused so far."""
    last = said.table.rpartition(".")[2].lower()
    named = [one for one in watch.JOURNAL.statements if one.names[-1].lower() == last]
    mine = [one for one in named if not one.temporary]
    if said.what == "exists" and mine and mine[-1].verb == "create":
        if mine[-1].database == key and mine[-1].site.moment == len(tests):
            mine[-1].refused = True  # for later failures too
        mine = mine[:-1]
    found = []
    for one in [one for one in mine if not one.refused][-SHOWN:]:
        done = connection_names.done_at(one.site.lines, one.site.moment, tests, item, labels)
        if done is not None:
            found.append(
                TableStory(
                    verb="create" if one.verb == "create" else "drop",
                    done=done,
                    words=one.words,
                    same=bool(key) and one.database == key,
                    state=one.state,
                    name=".".join(one.names),
                    orm=one.orm,
                    checks=one.checks,
                )
            )
    return tuple(found)


def _temporary(
    said: schemas.Said, item: Any, tests: Sequence[str], labels: Labels
) -> DoneAt | None:
    """Return the last statement that created a temporary table of that name."""
    last = said.table.lower()
    for one in reversed(watch.JOURNAL.statements):
        if one.temporary and one.verb == "create" and one.names[-1].lower() == last:
            return connection_names.done_at(one.site.lines, one.site.moment, tests, item, labels)
    return None


def _empty(
    said: schemas.Said, key: str, item: Any, tests: Sequence[str], labels: Labels
) -> DoneAt | None:
    """Return the last `create_all` that did not include the table."""
    if said.what != "missing":
        return None
    calls = [one for one in watch.JOURNAL.made if one.verb == "create"]
    there = [one for one in calls if one.database == key] or calls
    if not there or any(said.table in one.tables for one in calls):
        return None
    site = there[-1].site
    return connection_names.done_at(site.lines, site.moment, tests, item, labels)
