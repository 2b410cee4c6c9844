"""The edits of LC105: `asyncio.run` instead of a loop that may be missing, an async fixture."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.async_conversion import turn_async
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what gives the line a running loop."""
    source, line = sources.at(finding.where)
    if finding.remedy == ("run",):
        changes, words = _run(source, line), "call `asyncio.run`"
        yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    statement = source.statement_at(line)
    function = statement if isinstance(statement, Def) else source.function_of(statement)
    if not isinstance(function, Def) or source.decorator(function, "fixture") is None:
        raise NoSplice("no fixture has that line")
    changes = turn_async(source, function, sources)
    yield Edits(changes=tuple(changes), safe=True, words=f"make `{function.name}` async")


def _run(source: Source, line: int) -> list[Edit]:
    """Return the changes of `loop.run_until_complete(work())` into `asyncio.run(work())`."""
    statement = source.statement_at(line)
    name: str | None = None
    match statement:
        case ast.Assign(targets=[ast.Name() as target], value=ast.Call() as made):
            if called_name(made) != "get_event_loop":
                raise NoSplice("the loop comes from elsewhere")
            name = target.id
    around = source.function_of(statement)
    uses = [one for one in source.nodes() if source.function_of(one) is around]
    edits = [source.remove(statement)] if name else []
    for call in [one for one in uses if isinstance(one, ast.Call)]:
        if called_name(call) != "run_until_complete" or not isinstance(call.func, ast.Attribute):
            continue
        loop = call.func.value
        mine = isinstance(loop, ast.Call) and called_name(loop) == "get_event_loop"
        if mine or (isinstance(loop, ast.Name) and loop.id == name):
            edits.append(source.replace(call.func, "asyncio.run"))
    left = [one for one in uses if isinstance(one, ast.Name) and one.id == name]
    if not edits or len(left) > len(edits):
        raise NoSplice("the loop has other uses")
    return [*edits, *source.add_import("asyncio")]
