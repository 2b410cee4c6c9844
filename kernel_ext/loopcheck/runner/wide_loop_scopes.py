"""The async fixtures of a project whose loop depends on `asyncio_default_fixture_loop_scope`.

A fixture without a `loop_scope` of its own runs on the loop of its `scope` as long as that setting
is unset. `function` there moves each wider one to another loop, and pytest-asyncio answers with
ScopeMismatch. Files are read as text, since `loopcheck doctor` imports nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from loopcheck.labels import Labels
from loopcheck.records import Place
from loopcheck.runner import fixture_lookups
from loopcheck.source import modules, parsed_files

MOST_FILES = 3_000  # a larger project is not read to its end


@dataclass(frozen=True, slots=True)
class WideFixture:
    """An async fixture that may live longer than a test and names no loop of its own."""

    name: str
    scope: str | None  # None: only a run can tell
    place: Place


def find_wide_async_fixtures(folder: Path, labels: Labels) -> tuple[WideFixture, ...] | None:
    """Return the async fixtures in *folder* that the setting would move to another loop.

    None if *folder* has too many files to read them all.
    """
    files = list(islice(fixture_lookups.files(str(folder)), MOST_FILES + 1))
    if len(files) > MOST_FILES:
        return None
    return tuple(found for file in files for found in _in_file(file, labels))


def _in_file(file: str, labels: Labels) -> Iterator[WideFixture]:
    text = parsed_files.text(file)
    tree = parsed_files.tree(file) if "fixture" in text and "async def" in text else None
    nodes = ast.walk(tree) if tree is not None else ()
    for node in (one for one in nodes if isinstance(one, ast.AsyncFunctionDef)):
        for decorator in node.decorator_list:
            if "fixture" in ast.unparse(decorator) and (scope := _scope(decorator)) != "function":
                place = Place(labels.file(file), node.lineno, node.name)
                yield WideFixture(name=node.name, scope=scope, place=place)


def _scope(decorator: ast.expr) -> str | None:
    """Return the scope that decides about the fixture's loop, None if the text does not tell."""
    made_by = decorator.func if isinstance(decorator, ast.Call) else decorator
    words = decorator.keywords if isinstance(decorator, ast.Call) else []
    given = {word.arg: word.value for word in words}
    if "loop_scope" in given:  # the setting does not count for it
        return "function"
    own_maker = ast.unparse(made_by).rpartition(".")[2] != "fixture"
    if "scope" in given:
        return modules.text_of(given["scope"])
    return None if None in given or own_maker else "function"
