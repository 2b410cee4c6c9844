"""Changes of pytest's settings, in whichever file of a project holds them."""

from __future__ import annotations

import re
from contextlib import suppress

from loopcheck.records import Edit
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.settings_names import SECTIONS


def set_option(sources: Sources, values: dict[str, str]) -> list[Edit]:
    """Return the changes that set options of pytest in the project's file."""
    for file, section in SECTIONS.items():
        with suppress(NoSplice):
            source = sources.open(file)
            head = _head(source, section)
            if head:
                return [
                    change
                    for name, value in values.items()
                    for change in _set(source, head, name, value)
                ]
    raise NoSplice("the project has no settings of pytest")


def _head(source: Source, section: str) -> int:
    """Return the line of the section's head, 0 if the file has none."""
    lines = enumerate(source.lines, 1)
    return next((number for number, one in lines if one.strip() == f"[{section}]"), 0)


def _set(source: Source, head: int, name: str, value: str) -> list[Edit]:
    said = f'"{value}"' if source.file.endswith(".toml") else value
    for number in range(head + 1, len(source.lines) + 1):
        line = source.lines[number - 1]
        if line.startswith("["):
            break
        found = re.match(rf"({re.escape(name)}\s*=\s*)([^#;\r\n]*?)(\s*)$", line.rstrip("\r\n"))
        if found:
            start, end = found.end(1), found.end(2)
            return [source.edit((number, start), (number, end), said)]
    return [source.edit((head + 1, 0), (head + 1, 0), f"{name} = {said}\n")]
