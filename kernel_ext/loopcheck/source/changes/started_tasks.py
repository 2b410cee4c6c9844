"""Changes that end the tasks which a test or fixture starts, in its own last lines."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from loopcheck.records import Edit
from loopcheck.source.changes.loop_scopes import files_of_tests
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

STARTS = ("create_task", "ensure_future", "run_in_executor")
SHORT = "task"  # the name of a task that has none


def cancel_at_end(source: Source, line: int, tests: Sequence[str], sources: Sources) -> list[Edit]:
    """Return the changes that cancel and await the task started at *line*.

    A method may keep it in an attribute: then the test or fixture that makes the object ends it.
    """
    if (kept := _attribute(source, line)) is not None:
        return _cancel_of_object(*kept, tests, sources)
    name, changes, function = _named_task(source, line)
    lines = _cancelled(source, name)
    return [*changes, *_at_end(source, function, line, lines), *source.add_import("asyncio")]


def _attribute(source: Source, line: int) -> tuple[str, str] | None:
    """Return the class and the attribute in which its method keeps the task."""
    match source.statement_at(line):
        case (
            ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value
            ) as one
        ) if _starts(value):
            method = source.function_of(one)
            if not isinstance(method, Def) or _is_ours(source, method):
                return None
            block = source.class_of(method)
            return (block.name, name) if block is not None else None
    return None


def _cancel_of_object(
    kind: str, attribute: str, tests: Sequence[str], sources: Sources
) -> list[Edit]:
    changes: list[Edit] = []
    for source in files_of_tests(sources, tests):
        names = {one.rpartition("::")[2].partition("[")[0] for one in tests}
        for node in source.nodes():
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as made):
                    function = source.function_of(node)
                    if called_name(made) != kind or not isinstance(function, ast.AsyncFunctionDef):
                        continue
                    if function.name in names or source.decorator(function, "fixture"):
                        changes += _end_of_object(source, function, node, f"{name}.{attribute}")
    if not changes:
        raise NoSplice("no test or fixture makes the object")
    return changes


def close_at_end(source: Source, line: int, closing: str) -> list[Edit]:
    """Return the changes that end with *closing* what the statement at *line* starts."""
    statement = source.statement_at(line)
    function = source.function_of(statement)
    if not isinstance(function, ast.AsyncFunctionDef) or not _is_ours(source, function):
        raise NoSplice("no async test or fixture starts it")
    return _last_lines(source, function, statement, (closing,))


def _end_of_object(source: Source, function: Def, made: ast.Assign, task: str) -> list[Edit]:
    lines = _cancelled(source, task)
    return [*_last_lines(source, function, made, lines), *source.add_import("asyncio")]


def _last_lines(
    source: Source, function: Def, made: ast.stmt, lines: tuple[str, ...]
) -> list[Edit]:
    """Return the changes that put *lines* after what uses *made*: a fixture then yields."""
    last = function.body[-1]
    if source.decorator(function, "fixture") is None:
        return _at_end(source, function, made.lineno, lines)
    if made not in function.body or not isinstance(last, ast.Return | ast.Expr):
        raise NoSplice("the fixture ends in a block")
    changes = [source.insert_after(last, *lines)]
    if isinstance(last, ast.Return):
        changes.append(source.edit(*source.first_word(last, "return"), "yield"))
    return changes


def _cancelled(source: Source, task: str) -> tuple[str, str]:
    asyncio = source.named("asyncio")
    return f"{task}.cancel()", f"await {asyncio}.gather({task}, return_exceptions=True)"


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
