"""The edits of LC105: `asyncio.run` instead of a loop that may be missing, an async fixture."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.async_conversion import turn_async
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what gives the line a running loop."""
    source, line = sources.at(finding.where)
    if finding.remedy == ("run",):
        changes, words = _run(source, line), "call `asyncio.run`"
        yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    if finding.remedy == ("running",):
        changes = _on_running_loop(source, line, sources)
        yield Edits(changes=tuple(changes), safe=True, words="use the running loop")
        return
    statement = source.statement_at(line)
    function = statement if isinstance(statement, Def) else source.function_of(statement)
    if not isinstance(function, Def) or source.decorator(function, "fixture") is None:
        raise NoSplice("no fixture has that line")
    changes = turn_async(source, function, sources)
    yield Edits(changes=tuple(changes), safe=True, words=f"make `{function.name}` async")


XUNIT = {"setUp": "asyncSetUp", "tearDown": "asyncTearDown"}


def _on_running_loop(source: Source, line: int, sources: Sources) -> list[Edit]:
    """Return the changes of a fixture or `setUp` that creates a loop: it uses the test's own."""
    statement = source.statement_at(line)
    function = source.function_of(statement)
    match statement:
        case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=ast.Call() as made):
            loop = source.text_of(target)
        case _:
            raise NoSplice("the loop has no name there")
    if not isinstance(function, ast.FunctionDef) or called_name(made) != "new_event_loop":
        raise NoSplice("no plain function creates it there")
    fixture = source.decorator(function, "fixture") is not None
    if not fixture and function.name != "setUp":
        raise NoSplice("no fixture creates it")
    around = function if fixture else source.parents(function)[0]
    uses = [one for one in source.nodes() if around in source.parents(one) and _is(one, loop)]
    changes: list[Edit] = []
    awaiting = {function}
    kept = 0
    for use in uses:
        call = source.parents(source.parents(use)[0])[0]
        match source.parents(use)[0], call:
            case ast.Attribute(attr="run_until_complete"), ast.Call(args=[work]):
                changes.append(source.in_place(call, f"await {source.text_of(work)}"))
                one = source.function_of(call)
                if not isinstance(one, ast.FunctionDef):
                    raise NoSplice("a function in it runs the loop")
                awaiting.add(one)
            case ast.Attribute(attr="close"), ast.Call():
                changes.append(source.remove(source.statement_of(call)))
            case _:
                kept += use is not target
    if kept:
        changes.append(source.replace(made.func, f"{source.named('asyncio')}.get_running_loop"))
    else:
        changes.append(source.remove(statement))
    for one in awaiting:
        if fixture:
            changes += turn_async(source, one, sources)
        elif one.name in XUNIT:
            changes += [*source.make_async(one), source.rename(one, XUNIT[one.name])]
        else:
            raise NoSplice("another method runs the loop")
    return changes


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and dotted(node) == name


def _run(source: Source, line: int) -> list[Edit]:
    """Return the changes of `loop.run_until_complete(work())` into `asyncio.run(work())`."""
    statement = source.statement_at(line)
    name: str | None = None
    match statement:
        case ast.Assign(targets=[ast.Name() as target], value=ast.Call() as made):
            if called_name(made) not in ("get_event_loop", "new_event_loop"):
                raise NoSplice("the loop comes from elsewhere")
            name = target.id
    around = source.function_of(statement)
    uses = [one for one in source.nodes() if around in source.parents(one)]
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
