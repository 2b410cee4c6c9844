"""A dependency override that belongs to another test, and that the failing request ran into."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Link
from loopcheck.process.patches import dependency_overrides, served_functions
from loopcheck.records import LeftOverride
from loopcheck.runner import fixtures, written_fixtures
from loopcheck.source import parsed_files, project_files, user_code
from loopcheck.source.definitions import Def


def read(links: Sequence[Link], item: Any, labels: Labels) -> LeftOverride | None:
    """Return the override behind the failing request which this test did not set."""
    step = links[0].user if links else None
    if step is None or item is None:
        return None
    needed = [one.function for one in served_functions.dependencies(links[0], step)]
    for one in dependency_overrides.in_place(links) if needed else ():
        if not any(one.key is each for each in needed):
            continue
        maker = _maker_elsewhere(one.value, item)
        if maker is not None:
            return LeftOverride(
                key=dependency_overrides.key_of(one),
                by=maker.name,
                fixture=written_fixtures.read_fixture(maker) is not None,
                place=dependency_overrides.set_at(one, (step,), labels),
                used_at=step.place(labels),
            )
    return None


def _maker_elsewhere(value: object, item: Any) -> Def | None:
    """Return the test, or the fixture for one test, that made *value*: another one than of *item*.

    Only what is defined inside of a function shows its maker.
    """
    code = objects.code_of(value)
    if code is None or project_files.owner(code.co_filename) != "user":
        return None
    around = parsed_files.enclosing(code.co_filename, code.co_firstlineno)
    if not around or (outer := around[-1]).name == code.co_name:
        return None
    fixture = written_fixtures.read_fixture(outer)
    if fixture is not None:
        own = fixture.name in fixtures.definitions(item)
        return None if own or fixture.scope != "function" else outer
    mine = user_code.test(item)
    own = mine is None or (mine.co_filename, mine.co_name) == (code.co_filename, outer.name)
    return outer if outer.name.startswith("test") and not own else None
