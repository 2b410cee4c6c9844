"""The edits of LC402: a sync mock, or a plain fake."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import mock_edits
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the sync mock."""
    what, path = finding.remedy
    source, line = sources.at(finding.where)
    if what == "fake":
        changes, words = mock_edits.make_plain(source, line), "make it a plain function"
    else:
        owner, returned, _ = path.rpartition(".return_value.")  # what a call returns is sync
        path = f"{owner}.return_value" if returned else path
        changes, words = mock_edits.make_kind(source, line, what, path, "MagicMock")
    yield Edits(changes=tuple(changes), safe=True, words=words)
