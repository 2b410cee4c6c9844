"""The edits of LC106: the fixture and its tests get one loop scope; or one fixture per test."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes import loop_scopes
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield one loop for both, then one fixture for each test."""
    what, name, wide, *place = finding.remedy
    if what == "scope":
        yield from _rescoped(finding, sources)
        return
    file, _, number = place[0].rpartition(":")
    source = sources.open(file)
    fixture = _definition(source, int(number))
    yield Edits(
        changes=tuple(_on_one_loop(finding, sources, source, fixture)),
        safe=True,
        words=f"run `{name}` and its tests on the {wide} loop",
    )
    mark = source.decorator(fixture, "fixture")
    if mark is not None and what != "fixture":
        yield _per_test(source, mark, name)


def _rescoped(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the change of scope of the fixture at the finding's own line."""
    _, name, scope = finding.remedy
    source, line = sources.at(finding.where)
    mark = source.decorator(_definition(source, line), "fixture")
    if mark is None:
        return
    if scope == "function":
        yield _per_test(source, mark, name)
    else:
        change = source.set_keyword(mark, "scope", f'"{scope}"')
        yield Edits(changes=(change,), safe=True, words=f"give `{name}` the scope {scope}")


def _per_test(source: Source, mark: ast.expr, name: str) -> Edits:
    changes = tuple(loop_scopes.make_per_test(source, mark))
    return Edits(changes=changes, safe=True, words=f"create `{name}` for each test")


def _definition(source: Source, line: int) -> Def:
    found = source.statement_at(line)
    if not isinstance(found, Def):
        raise NoSplice("no fixture at that line")
    return found


def _on_one_loop(
    finding: Finding, sources: Sources, source: Source, fixture: Def
) -> Iterator[Edit]:
    what, name, wide, _ = finding.remedy
    if what in ("fixture", "both"):
        yield from loop_scopes.put_fixture_on(source, fixture, wide)
    if what == "mark":
        yield from loop_scopes.widen_mark(*sources.at(finding.where), wide)
    elif what != "fixture":
        found = loop_scopes.put_users_on(sources, name, wide)
        if not found and wide != "class":  # an autouse fixture
            for one in loop_scopes.files_of_tests(sources, finding.tests):
                found += loop_scopes.put_file_on(one, wide)
        yield from found
