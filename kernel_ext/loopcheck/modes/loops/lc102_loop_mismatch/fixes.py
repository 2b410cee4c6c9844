"""The edits of LC102: one loop for all tests that use the object, or one object per test."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes import loop_scopes
from loopcheck.source.changes.default_values import make_per_call
from loopcheck.source.changes.project_sources import Sources


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what the fix of the finding says, for a machine."""
    if finding.where is None:
        return
    what, *more = finding.remedy
    source, line = sources.at(finding.where)
    if what == "one loop":
        scope, fixture = more
        yield from loop_scopes.share_loop(finding.where, fixture, scope, finding.tests, sources)
    elif what == "default":
        changes = make_per_call(source, line)
        yield Edits(changes=tuple(changes), safe=True, words="create the default in each call")
    elif what == "no mark":
        dropped = tuple(loop_scopes.drop_marks(source, line))
        yield Edits(changes=dropped, safe=True, words="remove the `asyncio` mark")
    elif what == "strict mode":
        at = source.lines[line - 1].index("auto")
        change = source.edit((line, at), (line, at + len("auto")), "strict")
        yield Edits(changes=(change,), safe=True, words="set `asyncio_mode = strict`")
