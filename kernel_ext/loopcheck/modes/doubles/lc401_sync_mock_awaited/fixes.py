"""The edits of LC401: an AsyncMock, or an async fake."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import mock_edits
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the async mock."""
    if finding.where is None or not finding.remedy:
        return
    what, path = finding.remedy
    source, line = sources.open(finding.where.file), finding.where.line
    if what == "fake":
        changes, words = mock_edits.make_fake_async(source, line), "make it async"
    elif what == "itself":
        changes, words = mock_edits.replace_kind(source, line, "AsyncMock"), "use an `AsyncMock`"
    elif what == "rows":
        changes = mock_edits.make_rows(source, line, path, child=False)
        words = f"let `async for` iterate over what `{path}` returns"
    else:
        changes = mock_edits.set_child(source, line, path, "AsyncMock")
        words = f"make `{path}` an `AsyncMock`"
    yield Edits(changes=tuple(changes), safe=True, words=words)
