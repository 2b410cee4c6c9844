"""The edits of LC103: await the coroutine, or run the synchronous caller in its own thread."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.async_conversion import run_in_thread, turn_async
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

STARTS = ("run", "run_until_complete")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the `await`, then the thread if there may be one."""
    source, line = sources.at(finding.where)
    threaded = finding.remedy[2] if finding.remedy[1:2] == ("thread",) else None
    try:
        yield _awaited(source, line, sources, plain=threaded is not None)
    except NoSplice:
        if threaded is None:
            raise
    if threaded:
        changes = run_in_thread(threaded, sources)
        words = f"run `{threaded}` in a thread of its own"
        yield Edits(changes=tuple(changes), safe=True, words=words)


def _awaited(source: Source, line: int, sources: Sources, *, plain: bool) -> Edits:
    """Return the changes of `asyncio.run(work())` into `await work()`."""
    calls = [one for one in source.calls_at(line) if called_name(one) in STARTS and one.args]
    if len(calls) != 1:
        raise NoSplice("no call at that line starts a loop")
    [call] = calls
    work, *given = call.args
    said = source.text_of(work)
    if isinstance(work, ast.Name | ast.Attribute) and called_name(call) == "run":
        function = ast.unparse(call.func)
        if function.startswith(("anyio", "trio")):  # they take the function and its arguments
            said = f"{said}({', '.join(map(source.text_of, given))})"
    function_around = source.function_of(call)
    if not isinstance(function_around, Def):
        raise NoSplice("it is in no function")
    if any(isinstance(one, ast.GeneratorExp) for one in source.parents(call)):
        raise NoSplice("a generator expression can't await")
    changes = [
        source.in_place(call, f"await {said}"),
        *turn_async(source, function_around, sources, tests=not plain),
        *_without_runner(source, call),
        *source.drop_unused_import("asyncio", call),
    ]
    words = "await it" if not plain else f"await it, in an async `{function_around.name}`"
    return Edits(changes=tuple(changes), safe=True, words=words)


def _without_runner(source: Source, call: ast.Call) -> list[Edit]:
    """Return the changes that drop `with asyncio.Runner() as runner:` around the call."""
    for block in source.parents(call):
        match block:
            case ast.With(items=[ast.withitem(ast.Call() as made, ast.Name(id=name))]):
                used = source.text_of(call.func) == f"{name}.run"
                if used and called_name(made) == "Runner":
                    return source.unwrap(block)
    return []
