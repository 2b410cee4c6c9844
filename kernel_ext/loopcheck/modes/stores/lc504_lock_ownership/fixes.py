"""The edits of LC504: one `with` releases the lock, or any thread may."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the lock of all threads, or the line without its second release."""
    if finding.remedy == ("within",):
        source, line = sources.at(finding.where)
        statement = source.statement_at(line)
        value = statement.value if isinstance(statement, ast.Expr) else None
        value = value.value if isinstance(value, ast.Await) else value
        if not isinstance(value, ast.Call) or called_name(value) != "release":
            raise NoSplice("no release at that line")
        change = source.remove(statement)
        yield Edits(changes=(change,), safe=True, words="remove the `release()`")
        return
    _, file, made_at = finding.remedy
    source = sources.open(file)
    calls = [one for one in source.calls_at(int(made_at)) if called_name(one) in ("lock", "Lock")]
    if len(calls) != 1:
        raise NoSplice("no call at that line creates the lock")
    change = source.set_keyword(calls[0], "thread_local", "False")
    yield Edits(changes=(change,), safe=True, words="create it with `thread_local=False`")
