"""The edits of LC209: the test or fixture ends what it starts, or Python does not wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.ended_threads import end_at_end, make_daemon
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.started_tasks import close_at_end

WORDS = {
    "loop": "stop the loop and join its thread at the end",
    "timer": "cancel the timer at the end",
    "process": "terminate and join the process at the end",
}


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the lines that end it where it starts, then `daemon=True`, which cuts it off."""
    kind = finding.remedy[0]
    source, line = sources.at(finding.where)
    if kind == "close":
        changes = close_at_end(source, line, finding.remedy[1])
        yield Edits(changes=tuple(changes), safe=True, words=f"`{finding.remedy[1]}` at the end")
        return
    with suppress(NoSplice):
        if kind in WORDS:
            changes = end_at_end(source, line, kind)
            yield Edits(changes=tuple(changes), safe=True, words=WORDS[kind])
    changes = make_daemon(source, line)
    yield Edits(changes=tuple(changes), safe=False, words="let the exit cut it off")
