"""Fixtures by which plugins once set the loop of all tests, and that now have no effect.

Every run asks for them, so this imports next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from loopcheck.runner import fixture_tables

REMOVED = ("event_loop",)  # by pytest-asyncio 1.0


def defined(session: Any) -> dict[str, tuple[Any, ...]]:
    """Return the fixtures of these names that pytest knows, by name."""
    found = {name: tuple(fixture_tables.named(name, session)) for name in REMOVED}
    return {name: definitions for name, definitions in found.items() if definitions}


def is_requested(name: str, tests: Iterable[Any]) -> bool:
    """True if one of *tests* requests the fixture *name*, directly or through other fixtures.

    A test that calls `getfixturevalue(name)` is not seen.
    """
    return any(name in getattr(one, "fixturenames", ()) for one in tests)
