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
    if finding.where is None:
        return
    source, line = sources.at(finding.where)
    what, *more = finding.remedy
    if what == "one loop":
        scope, fixture = more
        yield from share_loop(finding.where, fixture, scope, finding.tests, sources)
    elif what == "await":
        changes = await_in_place(source, _unopened(source, line), sources)
        yield Edits(changes=tuple(changes), safe=True, words="await it")
    elif what == "yield":
        statement, value = source.only_return(source.statement_at(line))
        change = source.replace(statement, f"yield {source.text_of(value)}")
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
