"""Changes that end the tasks which a test or fixture starts, in its own last lines."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

STARTS = ("create_task", "ensure_future", "run_in_executor")
SHORT = "task"  # the name of a task that has none


def cancel_at_end(source: Source, line: int) -> list[Edit]:
    """Return the changes that cancel and await the task started at *line*."""
    name, changes, function = _named_task(source, line)
    asyncio = source.named("asyncio")
    lines = f"{name}.cancel()", f"await {asyncio}.gather({name}, return_exceptions=True)"
    return [*changes, *_at_end(source, function, line, lines), *source.add_import("asyncio")]


def await_at_end(source: Source, line: int) -> list[Edit]:
    """Return the changes that await the task started at *line*: its error becomes the test's."""
    statement = source.statement_at(line)
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Await):
        return _gathered(source, statement.value)
    name, changes, function = _named_task(source, line)
    return [*changes, *_at_end(source, function, line, (f"await {name}",))]


def _gathered(source: Source, waiting: ast.Await) -> list[Edit]:
    """Return the change of `await asyncio.wait([…])`, which raises nothing, into `gather`."""
    match waiting.value:
        case ast.Call(func=ast.Attribute(attr="wait"), args=[ast.List() as tasks], keywords=[]):
            call = waiting.value
            function = source.text_of(call.func).removesuffix("wait")
            given = ", ".join(map(source.text_of, tasks.elts))
            return [source.replace(call, f"{function}gather({given})")]
    raise NoSplice("the task is awaited, and its error is not read")


def _named_task(source: Source, line: int) -> tuple[str, list[Edit], Def]:
    """Return the name of the task, the changes that give it one, and the function around."""
    statement = source.statement_at(line)
    function = source.function_of(statement)
    if not isinstance(function, ast.AsyncFunctionDef) or not _is_ours(source, function):
        raise NoSplice("no async test or fixture starts it")
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        value, target = statement.value, statement.targets[0]
        if _starts(value) and isinstance(target, ast.Name | ast.Attribute):
            return source.text_of(target), [], function
    if isinstance(statement, ast.Expr) and _starts(statement.value):
        name = source.free_name(SHORT)
        return name, [source.put_before(statement, f"{name} = ")], function
    raise NoSplice("no task is started at that line")


def _starts(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and called_name(value) in STARTS


def _is_ours(source: Source, function: Def) -> bool:
    is_test = function.name.startswith("test")
    return is_test or source.decorator(function, "fixture") is not None


def _at_end(source: Source, function: Def, line: int, lines: tuple[str, ...]) -> list[Edit]:
    """Return the changes that put *lines* at the end of the block that starts the task."""
    block = source.block_of(source.statement_at(line))
    if block is not function.body and not isinstance(
        source.parents(block[0])[0], ast.With | ast.AsyncWith
    ):
        raise NoSplice("it is started in a loop or a branch")
    last = block[-1]
    if isinstance(last, ast.Return | ast.Raise):
        return [source.insert_before(last, *lines)]
    return [source.insert_after(last, *lines)]
