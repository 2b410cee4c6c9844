"""The edits of LC402: a sync mock, or a plain fake."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import mock_edits
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the sync mock."""
    if finding.where is None or not finding.remedy:
        return
    what, path = finding.remedy
    source, line = sources.open(finding.where.file), finding.where.line
    if what == "fake":
        changes, words = mock_edits.make_plain(source, line), "make it a plain function"
    elif what == "itself":
        changes, words = mock_edits.replace_kind(source, line, "MagicMock"), "use a `MagicMock`"
    else:
        owner, returned, _ = path.rpartition(".return_value.")  # what a call returns is sync
        path = f"{owner}.return_value" if returned else path
        changes = mock_edits.set_child(source, line, path, "MagicMock")
        words = f"make `{path}` a `MagicMock`"
    yield Edits(changes=tuple(changes), safe=True, words=words)
