"""All fixtures that pytest knows, and their values. Every run asks, so this imports nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# The attribute of pytest's fixture manager, newest first: 9.2 has two tables.
TABLES = ("_arg2node2fixturedefs", "_arg2nodeid2fixturedefs", "_arg2fixturedefs")


def tables(session: Any) -> Iterator[dict[str, Any]]:
    """Yield pytest's tables of fixtures by name."""
    manager = getattr(session, "_fixturemanager", None)
    for attribute in TABLES:
        table = getattr(manager, attribute, None)
        if isinstance(table, dict):
            yield table


def named(name: str, session: Any) -> Iterator[Any]:
    """Yield the definitions of all fixtures called *name*, wherever they can be requested."""
    for table in tables(session):
        found = table.get(name) or ()
        for several in list(found.values()) if isinstance(found, dict) else [found]:
            yield from several


def names(session: Any) -> set[str]:
    """Return the names of all fixtures."""
    return {name for table in tables(session) for name in list(table) if isinstance(name, str)}


def value_of(definition: Any) -> object | None:
    """Return the value of a live fixture, None of any other."""
    cached = getattr(definition, "cached_result", None)
    return cached[0] if cached and cached[2] is None else None
