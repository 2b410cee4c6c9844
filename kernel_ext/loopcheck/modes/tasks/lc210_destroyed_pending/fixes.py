"""The edits of LC210: the test or fixture keeps the task, and ends it."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.started_tasks import cancel_at_end, close_at_end


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the end of the task, in the test or fixture that starts it: that keeps it, too."""
    source, line = sources.at(finding.where)
    if finding.remedy[0] == "close":
        changes = close_at_end(source, line, finding.remedy[1])
        yield Edits(changes=tuple(changes), safe=True, words="end the task at the end")
        return
    changes = cancel_at_end(source, line, finding.tests, sources)
    words = "keep the task, and cancel and await it at the end"
    yield Edits(changes=tuple(changes), safe=True, words=words)
