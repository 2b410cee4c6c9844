"""The edits of LC205: the test or fixture that starts the task awaits it, and gets its error."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.started_tasks import await_at_end


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the `await` at the end of the test or fixture that starts the task."""
    source, line = sources.at(finding.where)
    changes = await_at_end(source, line)
    yield Edits(changes=tuple(changes), safe=True, words="await it at the end")
