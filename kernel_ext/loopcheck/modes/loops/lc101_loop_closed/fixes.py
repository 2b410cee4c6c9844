"""The edits of LC101: one loop for all tests that use the object, or one object per test."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import closing_times
from loopcheck.source.changes.awaited_runs import await_run
from loopcheck.source.changes.default_values import make_per_call
from loopcheck.source.changes.loop_scopes import share_loop
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the loop that outlives the object, or the object that each test creates."""
    if finding.where is None or finding.subject is None:
        return
    if finding.remedy[0] == "default":
        changes = make_per_call(*sources.at(finding.where))
        yield Edits(changes=tuple(changes), safe=True, words="create the default in each call")
        return
    if finding.remedy[0] == "await":
        changes, function = await_run(*sources.at(finding.where), sources)
        words = f"close it in an async `{function.name}`"
        yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    if finding.remedy[0] == "later":
        until = int(finding.remedy[1].rpartition(":")[2])
        changes = closing_times.close_after(*sources.at(finding.where), until)
        words = f"close `{finding.subject.name}` after its last use"
        yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    _, scope, fixture = finding.remedy
    yield from share_loop(finding.where, fixture, scope, finding.tests, sources)
