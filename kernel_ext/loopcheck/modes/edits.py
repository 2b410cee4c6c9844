"""What a machine can change for a finding: worked out from its lines when a report needs it.

A mode whose folder has a `fixes.py` can be mended so. Its `edits` yields one `Edits` for each way,
the best first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module

from loopcheck.light import replace
from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source import parsing
from loopcheck.source.changes.blank_lines import closed_gaps
from loopcheck.source.changes.edited_text import applied, in_order
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.values.assertion_lists import weakened

Fixes = Callable[[Finding, Sources], Iterator[Edits]]
MOST = 3  # ways of one finding


@cache
def _fixes(code: str) -> Fixes | None:
    mode = catalogue.find(code)
    if mode is None or mode.file.name != "__init__.py":
        return None
    if not mode.file.with_name("fixes.py").exists():
        return None
    found: Fixes = import_module(f"{mode.module}.fixes").edits
    return found


def has_fixes(code: str) -> bool:
    """True if a machine can mend findings of this mode."""
    return _fixes(code) is not None


def with_edits(finding: Finding, sources: Sources) -> Finding:
    """Return *finding* with its edits, or as it is if no machine can make the change."""
    fixes = _fixes(finding.code)
    if fixes is None or not finding.remedy:  # without a remedy, `fix` says more than a machine can
        return finding
    return replace(finding, edits=_of(finding, fixes, sources))


def _of(finding: Finding, fixes: Fixes, sources: Sources) -> tuple[Edits, ...]:
    found: list[Edits] = []
    ways = fixes(finding, sources)
    while len(found) < MOST:
        try:
            way = next(ways, None)
        except NoSplice:
            break
        if way is None:
            break
        way = replace(way, changes=tuple(_tidied(in_order(way.changes), sources)))
        if way.changes and _keeps_checks(way, sources) and way not in found:
            found.append(way)
    return tuple(found)


def _tidied(changes: list[Edit], sources: Sources) -> Iterator[Edit]:
    for file in dict.fromkeys(one.file for one in changes):
        mine = [one for one in changes if one.file == file]
        with suppress(NoSplice):
            mine = closed_gaps(sources.open(file).text, mine)
        yield from mine


def _keeps_checks(way: Edits, sources: Sources) -> bool:
    """True if every file that *way* changes is Python afterwards, too, and checks as much."""
    before, after = list[str](), list[str]()
    for file in {change.file for change in way.changes}:
        mine = [change for change in way.changes if change.file == file]
        try:
            text = applied(sources.open(file).text, mine)
        except NoSplice:
            return False
        if file.endswith((".ini", ".toml", ".cfg")):
            continue
        if parsing.parsed(text) is None:
            return False
        before.append(sources.open(file).text)
        after.append(text)
    return not weakened(before, after)
