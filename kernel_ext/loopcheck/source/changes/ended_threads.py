"""Changes that end the thread or process which a test or fixture starts, in its own last lines."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

KINDS = ("Thread", "Timer", "Process")


def end_at_end(source: Source, line: int, kind: str) -> list[Edit]:
    """Return the changes that end, in the last lines of its test or fixture, what starts there.

    *kind* is that of a thread, or "process".
    """
    step = source.statement_at(line)
    function, made, name = source.function_of(step), _made(source, line), _name(step)
    if not isinstance(function, Def) or not _is_ours(source, function) or step not in function.body:
        raise NoSplice("no test or fixture starts it in its own lines")
    if made is None or name is None:
        raise NoSplice("it has no name there")
    last = function.body[-1]
    if isinstance(last, ast.Return | ast.Raise):
        raise NoSplice("the lines would come after the return")
    return [source.insert_after(last, *_ending(source, kind, name, made))]


def _ending(source: Source, kind: str, name: str, made: ast.Call) -> tuple[str, ...]:
    if kind == "timer":
        return (f"{name}.cancel()",)
    if kind == "process":
        return f"{name}.terminate()", f"{name}.join()"
    target = next((one.value for one in made.keywords if one.arg == "target"), None)
    if not isinstance(target, ast.Attribute) or target.attr != "run_forever":
        raise NoSplice("the loop has no name there")
    loop = source.text_of(target.value)
    return f"{loop}.call_soon_threadsafe({loop}.stop)", f"{name}.join()", f"{loop}.close()"


def make_daemon(source: Source, line: int) -> list[Edit]:
    """Return the change that lets the exit cut off what starts at *line*."""
    made = _made(source, line)
    if made is None or _is(made, "Timer"):  # a timer takes no such argument
        raise NoSplice("the line does not show what makes it")
    return [source.set_keyword(made, "daemon", "True")]


def _made(source: Source, line: int) -> ast.Call | None:
    """Return the call that makes what the statement at *line* starts."""
    step = source.statement_at(line)
    for node in ast.walk(step):
        if isinstance(node, ast.Call) and any(_is(node, kind) for kind in KINDS):
            return node
    name, function = _name(step), source.function_of(step)
    for node in ast.walk(function) if name is not None and isinstance(function, Def) else ():
        match node:
            case ast.Assign(targets=[target], value=ast.Call() as call):
                if source.text_of(target) == name and any(_is(call, kind) for kind in KINDS):
                    return call
    return None


def _is(call: ast.Call, kind: str) -> bool:
    return ast.unparse(call.func).rpartition(".")[2] == kind


def _name(step: ast.stmt) -> str | None:
    """Return the name of what `thread.start()` starts."""
    match step:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name() | ast.Attribute() as started))
        ):
            return ast.unparse(started)
    return None


def _is_ours(source: Source, function: Def) -> bool:
    is_test = function.name.startswith("test")
    return is_test or source.decorator(function, "fixture") is not None
