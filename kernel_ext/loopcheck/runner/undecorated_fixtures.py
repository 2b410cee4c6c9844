"""Async fixtures with pytest's own decorator, which pytest-asyncio ignores in strict mode.

They are read from the text of a project, since `loopcheck doctor` imports nothing. Many plugins and
hooks can run them. If any file of the project mentions one of these, nothing is certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from loopcheck.labels import Labels
from loopcheck.records import Place
from loopcheck.runner import fixture_lookups, written_fixtures
from loopcheck.runner.collected_tests import Def
from loopcheck.runner.ini_files import read_settings
from loopcheck.source import parsed_files

MOST_FILES = 3_000  # a larger project is read in part
NEWEST = (9,)  # a pytest that reads all kinds of settings files
MOST_BYTES = 200_000  # of a file that may contain a command line
USES_ASYNCIO = re.compile(r"\bpytest_asyncio\b|\bmark\.asyncio\b")
OTHER_RUNNER = re.compile(
    r"(?<![a-zA-Z])(?:anyio|trio|twisted|tornasync|tornado|asyncio_cooperative|pytest_fixture_setup"
    r"|aiohttp\.pytest_plugin|asyncio_mode)(?![a-zA-Z])"
)
OTHER_MODE = re.compile(r"--asyncio-mode|\b(?:anyio|trio)_mode\b")


@dataclass(frozen=True, slots=True)
class UndecoratedFixture:
    """An async fixture that nothing runs."""

    node: Def
    scope: str | None  # None: known only in a run
    place: Place


def find_undecorated_async_fixtures(folder: Path, labels: Labels) -> tuple[UndecoratedFixture, ...]:
    """Return the async fixtures in *folder* that nothing runs, if its settings say strict mode."""
    files = list(islice(fixture_lookups.files(str(folder)), MOST_FILES + 1))
    if len(files) > MOST_FILES or _sets_mode_elsewhere(folder):
        return ()
    texts = [parsed_files.text(file) for file in files]
    if not any(map(USES_ASYNCIO.search, texts)) or any(map(OTHER_RUNNER.search, texts)):
        return ()
    settings = read_settings(folder, NEWEST).file
    own = {
        place: read_settings(place, NEWEST).file == settings
        for place in {Path(file).parent for file in files}
    }
    return tuple(
        UndecoratedFixture(
            one.node, one.scope, Place(labels.file(file), one.node.lineno, one.node.name)
        )
        for file in files
        if own[Path(file).parent]  # else pytest has other settings there
        for one in written_fixtures.fixtures_in(file)
        if one.is_async and one.of_pytest and len(one.node.decorator_list) == 1
    )


def _sets_mode_elsewhere(folder: Path) -> bool:
    """Whether a file that may start pytest (tox.ini, a Makefile, a workflow) sets the mode."""
    places = (folder, folder / ".github" / "workflows")
    files = (file for place in places if place.is_dir() for file in sorted(place.iterdir()))
    return any(OTHER_MODE.search(_small_text(file)) for file in files)


def _small_text(file: Path) -> str:
    try:
        if not file.is_file() or file.stat().st_size > MOST_BYTES:
            return ""
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
