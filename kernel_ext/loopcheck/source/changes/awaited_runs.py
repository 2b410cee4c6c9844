"""Changes of a call that starts a loop, `asyncio.run(work())`, into an `await`."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.changes.async_conversion import await_in_place, turn_async
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

STARTS = ("run", "run_until_complete")


def await_run(
    source: Source, line: int, sources: Sources, *, tests: bool = True
) -> tuple[list[Edit], Def]:
    """Return the changes of the run at *line* into an `await`, and the function around it.

    Without *tests* no plain test may become async: what it tests is the plain function.
    """
    calls = [one for one in source.calls_at(line) if called_name(one) in STARTS and one.args]
    if len(calls) != 1:
        raise NoSplice("no call at that line starts a loop")
    [call] = calls
    function = source.function_of(call)
    if not isinstance(function, Def):
        raise NoSplice("it is in no function")
    if any(isinstance(one, ast.GeneratorExp) for one in source.parents(call)):
        raise NoSplice("a generator expression can't await")
    if _is_parameter(function, call.args[0]):
        return _await_what_is_passed(source, function, sources), function
    changes = [
        source.in_place(call, f"await {_work(source, call)}"),
        *turn_async(source, function, sources, tests=tests),
        *_without_runner(source, call),
        *source.drop_unused_import("asyncio", call),
    ]
    return changes, function


def _work(source: Source, call: ast.Call) -> str:
    """Return the coroutine that *call* runs."""
    work, *given = call.args
    said = source.text_of(work)
    if isinstance(work, ast.Name | ast.Attribute) and called_name(call) == "run":
        function = ast.unparse(call.func)
        if function.startswith(("anyio", "trio")):  # they take the function and its arguments
            return f"{said}({', '.join(map(source.text_of, given))})"
    return said


def _is_parameter(function: Def, work: ast.expr) -> bool:
    names = {one.arg for one in (*function.args.posonlyargs, *function.args.args)}
    return isinstance(work, ast.Name) and work.id in names


def _await_what_is_passed(source: Source, function: Def, sources: Sources) -> list[Edit]:
    """Return the changes of each `run_sync(work())` in the project into `await work()`."""
    if len(function.args.args) != 1 or source.class_of(function) is not None:
        raise NoSplice("the helper takes more than the coroutine")
    changes: list[Edit] = []
    for other in sources.naming(function.name):
        for node in other.nodes():
            if isinstance(node, ast.Call) and called_name(node) == function.name:
                if len(node.args) != 1 or not isinstance(node.args[0], ast.Call):
                    raise NoSplice("the helper is called with what is no call")
                start, end = other.span(node), other.span(node.args[0])
                changes += [
                    *await_in_place(other, node, sources),
                    other.edit(start[0], end[0], ""),
                    other.edit(end[1], start[1], ""),
                ]
    if not changes:
        raise NoSplice("nothing in the project calls the helper")
    return changes


def _without_runner(source: Source, call: ast.Call) -> list[Edit]:
    """Return the changes that drop `with asyncio.Runner() as runner:` around the call."""
    for block in source.parents(call):
        match block:
            case ast.With(items=[ast.withitem(ast.Call() as made, ast.Name(id=name))]):
                used = source.text_of(call.func) == f"{name}.run"
                if used and called_name(made) == "Runner":
                    return source.unwrap(block)
    return []
