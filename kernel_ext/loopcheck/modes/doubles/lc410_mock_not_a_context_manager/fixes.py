"""The edits of LC410: what is entered or iterated is no coroutine."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import mock_edits
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the mock that can be entered or iterated."""
    what, path = finding.remedy[:2]
    source, line = sources.at(finding.where)
    if what == "fake" and not path:
        changes, words = mock_edits.make_plain(source, line), "make it a plain function"
    elif what == "fake":
        if finding.remedy[2:] != ("async for",):
            return
        changes, words = mock_edits.yield_items(source, line), "yield the items one by one"
    else:
        changes, words = mock_edits.make_kind(source, line, what, path, "MagicMock")
        if finding.remedy[2:] == ("async with",):
            changes += mock_edits.set_on_entered(source, line, path if what == "child" else "")
    yield Edits(changes=tuple(changes), safe=True, words=words)
