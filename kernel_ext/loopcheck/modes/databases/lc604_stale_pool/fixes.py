"""The edits of LC604: one loop for the pool and its tests, or a pool that lives long enough."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.async_conversion import await_in_place
from loopcheck.source.changes.loop_scopes import share_loop
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what the fix of the finding says, for a machine."""
    if finding.where is None or not finding.remedy:
        return
    source, line = sources.open(finding.where.file), finding.where.line
    what, *more = finding.remedy
    if what == "one loop":
        scope, fixture = more
        tests = [one for one in (finding.test, *finding.also) if one]
        yield from share_loop(finding.where, fixture, scope, tests, sources)
    elif what == "await":
        changes = await_in_place(source, _unopened(source, line), sources)
        yield Edits(changes=tuple(changes), safe=True, words="await it")
    elif what == "yield":
        change = source.replace(*_returned(source, source.statement_at(line)))
        yield Edits(changes=(change,), safe=True, words="`yield` it")
    elif what == "forget":
        change = source.insert_after(source.statement_at(line), f"{more[0]} = None")
        yield Edits(changes=(change,), safe=True, words=f"set `{more[0]} = None`")


def _unopened(source: Source, line: int) -> ast.Call:
    calls = [
        one for one in source.calls_at(line) if not isinstance(source.parents(one)[0], ast.Await)
    ]
    if len(calls) != 1:
        raise NoSplice("no call at that line creates it")
    return calls[0]


def _returned(source: Source, function: ast.stmt) -> tuple[ast.stmt, str]:
    """Return the last statement of a fixture that returns, and what it should be."""
    found = [
        one
        for one in source.nodes()
        if isinstance(one, ast.Return) and one.value and source.function_of(one) is function
    ]
    if len(found) != 1 or found[0].value is None:
        raise NoSplice("the fixture returns in several lines")
    return found[0], f"yield {source.text_of(found[0].value)}"
