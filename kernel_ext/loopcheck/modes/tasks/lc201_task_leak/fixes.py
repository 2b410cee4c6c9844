"""The edits of LC201: the test or fixture that starts the task cancels and awaits it."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.started_tasks import cancel_at_end, close_at_end


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the end of the task, in the test or fixture that starts it."""
    source, line = sources.at(finding.where)
    if finding.remedy[:1] == ("close",):
        changes = close_at_end(source, line, finding.remedy[1])
        yield Edits(changes=tuple(changes), safe=True, words="end the task at the end")
        return
    changes = cancel_at_end(source, line, finding.tests, sources)
    yield Edits(changes=tuple(changes), safe=True, words="cancel and await the task at the end")
