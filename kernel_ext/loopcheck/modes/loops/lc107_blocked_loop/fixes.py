"""The edits of LC107: the call runs in a thread, or its async counterpart is awaited."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.async_conversion import call_in_thread, run_in_thread
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the await of the call, or of the plain function around it."""
    source, line = sources.at(finding.where)
    match finding.remedy:
        case ("thread", name):
            changes, words = run_in_thread(name, sources), f"run `{name}` in a thread"
        case ("call", name):
            call = _call(source, line, name.rpartition(".")[2])
            changes, words = call_in_thread(source, call), f"run `{name}` in a thread"
        case ("asyncio.sleep",):
            call = _call(source, line, "sleep")
            given = source.text_of(call.args[0])
            changes = [source.replace(call, f"await asyncio.sleep({given})")]
            changes += source.add_import("asyncio")
            words = "await `asyncio.sleep`"
        case _:
            changes = _wrapped(source, _call(source, line, "result"))
            words = "await the future"
    yield Edits(changes=tuple(changes), safe=True, words=words)


def _call(source: Source, line: int, name: str) -> ast.Call:
    found = [one for one in source.calls_at(line) if called_name(one) == name]
    if len(found) != 1 or not isinstance(source.function_of(found[0]), ast.AsyncFunctionDef):
        raise NoSplice("no async code calls it at that line")
    return found[0]


def _wrapped(source: Source, call: ast.Call) -> list[Edit]:
    """Return the changes of `future.result()` into `await asyncio.wrap_future(future)`."""
    if not isinstance(call.func, ast.Attribute) or call.args or call.keywords:
        raise NoSplice("the wait has a limit")
    future = source.text_of(call.func.value)
    said = source.in_place(call, f"await asyncio.wrap_future({future})")
    return [said, *source.add_import("asyncio")]
