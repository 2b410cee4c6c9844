"""The edits of LC214: run the code that sets or reads the variable in the right context."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the edit that fits what runs in the wrong context."""
    source, line = sources.at(finding.where)
    how, name = finding.remedy
    if how == "thread":
        yield _copied(source, line, name)
    elif how == "await":
        change = _awaited(source, line, name)
        yield Edits(changes=(change,), safe=True, words="await it without a task of its own")
    else:
        changes = tuple(_made_async(source, line, name, sources))
        yield Edits(changes=changes, safe=True, words=f"make `{name}` an `async def`")


def _copied(source: Source, line: int, written: str) -> Edits:
    """Return the edit that gives the thread a copy of the caller's context."""
    call = next((one for one in source.calls_at(line) if source.text_of(one.func) == written), None)
    if call is None:
        raise NoSplice("no executor is used at that line")
    awaited = isinstance(source.parents(call)[0], ast.Await)
    match call:
        case ast.Call(
            func=ast.Attribute(attr="run_in_executor"),
            args=[ast.Constant(value=None), *work],
            keywords=[],
        ) if awaited and work:
            words = ", ".join(source.text_of(one) for one in work)
            change = source.replace(call, f"{source.named('asyncio')}.to_thread({words})")
            changes = (change, *source.add_import("asyncio"))
            return Edits(changes=changes, safe=True, words="use `asyncio.to_thread`")
        case ast.Call(func=ast.Attribute(attr="run_in_executor"), args=[_, work, *_]):
            return _run_in_copy(source, work)
        case ast.Call(func=ast.Attribute(attr="submit"), args=[work, *_]):
            return _run_in_copy(source, work)
    raise NoSplice("the function is not given by itself")


def _run_in_copy(source: Source, work: ast.expr) -> Edits:
    if isinstance(work, ast.Starred):
        raise NoSplice("the function is one of several arguments")
    start = source.span(work)[0]
    change = source.edit(start, start, f"{source.named('contextvars')}.copy_context().run, ")
    changes = (change, *source.add_import("contextvars"))
    return Edits(changes=changes, safe=True, words="run it in a copy of the caller's context")


def _awaited(source: Source, line: int, written: str) -> Edit:
    """Return the change of `await create_task(login())` into `await login()`."""
    for call in source.calls_at(line):
        if source.text_of(call.func) != written or not call.args:
            continue
        statement, coroutine = source.statement_of(call), call.args[0]
        if isinstance(source.parents(call)[0], ast.Await) and isinstance(coroutine, ast.Call):
            if len(list(calls_in(statement))) > 1 + len(list(calls_in(coroutine))):
                raise NoSplice("other calls are on that line")
            return source.replace(call, source.text_of(coroutine))
    raise NoSplice("the task is not awaited at once")


def _made_async(source: Source, line: int, name: str, sources: Sources) -> Iterator[Edit]:
    statement = source.statement_at(line)
    function = statement if isinstance(statement, Def) else source.function_of(statement)
    if not isinstance(function, ast.FunctionDef) or function.name != name:
        raise NoSplice("that line is not in the function")
    for other in sources.naming(name):
        calls = (one for one in other.nodes() if isinstance(one, ast.Call))
        if any(called_name(one) == name for one in calls):
            raise NoSplice("a line of the project calls it itself")
    yield from source.make_async(function)
