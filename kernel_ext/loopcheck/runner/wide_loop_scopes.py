"""The async fixtures of a project whose loop depends on `asyncio_default_fixture_loop_scope`.

While that setting is unset, a fixture without its own `loop_scope` runs on the loop of its `scope`.
The value `function` moves each wider one to another loop, and pytest-asyncio raises ScopeMismatch.
Files are read as text, since `loopcheck doctor` imports nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from loopcheck.labels import Labels
from loopcheck.records import Place
from loopcheck.runner import fixture_lookups, written_fixtures
from loopcheck.source import parsed_files

MOST_FILES = 3_000  # a larger project is read in part


@dataclass(frozen=True, slots=True)
class WideFixture:
    """An async fixture that may live longer than a test and sets no loop scope of its own."""

    name: str
    scope: str | None  # None: known only in a run
    place: Place
    of_pytest: bool  # pytest's decorator has no `loop_scope`: pytest-asyncio's has


def find_wide_async_fixtures(
    folder: Path, labels: Labels, *, auto: bool
) -> tuple[WideFixture, ...] | None:
    """Return the async fixtures in *folder* that the setting would move to another loop.

    None if *folder* has too many files to read them all. If pytest-asyncio is not in *auto* mode,
    fixtures by `pytest.fixture` belong to another plugin, and the setting does not affect them.
    """
    files = list(islice(fixture_lookups.files(str(folder)), MOST_FILES + 1))
    if len(files) > MOST_FILES:
        return None
    found = (one for file in files for one in _in_file(file, labels))
    return tuple(one for one in found if auto or not one.of_pytest)


def _in_file(file: str, labels: Labels) -> Iterator[WideFixture]:
    if "async def" not in parsed_files.text(file):
        return
    for one in written_fixtures.fixtures_in(file):
        if one.is_async and one.loop_scope is None and one.scope != "function":
            place = Place(labels.file(file), one.node.lineno, one.node.name)
            yield WideFixture(one.node.name, one.scope, place, one.of_pytest)
