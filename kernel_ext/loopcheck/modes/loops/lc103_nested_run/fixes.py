"""The edits of LC103: await the coroutine, or run the synchronous caller in its own thread."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.async_conversion import run_in_thread
from loopcheck.source.changes.awaited_runs import await_run
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the `await`, then the thread if there may be one."""
    source, line = sources.at(finding.where)
    threaded = finding.remedy[2] if finding.remedy[1:2] == ("thread",) else None
    try:
        changes, function = await_run(source, line, sources, tests=threaded is None)
        words = f"await it, in an async `{function.name}`" if threaded else "await it"
        yield Edits(changes=tuple(changes), safe=True, words=words)
    except NoSplice:
        if threaded is None:
            raise
    if threaded:
        changes = run_in_thread(threaded, sources)
        words = f"run `{threaded}` in a thread of its own"
        yield Edits(changes=tuple(changes), safe=True, words=words)
