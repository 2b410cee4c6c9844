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
    if finding.where is None or not finding.remedy:
        return
    what, *more = finding.remedy
    source = sources.open(finding.where.file)
    if what == "one loop":
        scope, fixture = more
        yield from loop_scopes.share_loop(finding.where, fixture, scope, _tests(finding), sources)
    elif what == "default":
        changes = make_per_call(source, finding.where.line)
        yield Edits(changes=tuple(changes), safe=True, words="create the default in each call")
    elif what == "no mark":
        dropped = tuple(loop_scopes.drop_marks(source, finding.where))
        yield Edits(changes=dropped, safe=True, words="remove the `asyncio` mark")
    elif what == "strict mode":
        line = source.lines[finding.where.line - 1]
        at = line.index("auto")
        row = finding.where.line
        change = source.edit((row, at), (row, at + len("auto")), "strict")
        yield Edits(changes=(change,), safe=True, words="set `asyncio_mode = strict`")


def _tests(finding: Finding) -> list[str]:
    return [one for one in (finding.test, *finding.also) if one]
