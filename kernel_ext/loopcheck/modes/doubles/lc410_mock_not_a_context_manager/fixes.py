"""The edits of LC410: what is entered or iterated is no coroutine."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import mock_edits
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the mock that can be entered or iterated."""
    if finding.where is None or not finding.remedy:
        return
    what, path = finding.remedy
    source, line = sources.open(finding.where.file), finding.where.line
    if what == "fake" and not path:
        changes, words = mock_edits.make_plain(source, line), "make it a plain function"
    elif what == "fake":
        return
    elif what == "itself":
        changes, words = mock_edits.replace_kind(source, line, "MagicMock"), "use a `MagicMock`"
    elif what == "rows":
        changes = mock_edits.make_rows(source, line, path, child=True)
        words = f"let `async for` iterate over what `{path}` returns"
    else:
        changes = mock_edits.set_child(source, line, path, "MagicMock")
        words = f"make `{path}` a `MagicMock`"
    yield Edits(changes=tuple(changes), safe=True, words=words)
