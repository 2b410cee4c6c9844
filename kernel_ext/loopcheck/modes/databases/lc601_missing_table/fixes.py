"""The edits of LC601: the schema is created where the test looks for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the transaction, the pool or the file that keeps the schema."""
    source, line = sources.at(finding.where)
    match finding.remedy[0]:
        case "commit":
            changes, words = _committed(source, line), "create the schema in `engine.begin()`"
        case "one connection":
            changes, words = _one_connection(source, line), "keep one connection: `StaticPool`"
        case "file":
            changes, words = _in_a_file(source, line), "use a file that all connections share"
        case _:
            changes, words = _through_run_sync(source, line), "create it through `run_sync`"
    yield Edits(changes=tuple(changes), safe=True, words=words)


def _committed(source: Source, line: int) -> list[Edit]:
    for node in source.nodes_at(line)[::-1]:
        if isinstance(node, ast.AsyncWith):
            call = node.items[0].context_expr
            if isinstance(call, ast.Call) and called_name(call) == "connect":
                function = source.text_of(call.func).removesuffix("connect")
                return [source.replace(call.func, f"{function}begin")]
    raise NoSplice("no `connect()` around that line")


def _one_connection(source: Source, line: int) -> list[Edit]:
    statement = source.statement_at(line)
    inside = {statement, *(one for one in source.nodes() if statement in source.parents(one))}
    calls = [one for one in inside if isinstance(one, ast.Call)]
    engines = [one for one in calls if called_name(one) == "create_async_engine"]
    if len(engines) != 1:
        raise NoSplice("no engine, or several, are created there")
    change = source.set_keyword(engines[0], "poolclass", "StaticPool")
    return [change, *source.add_import("sqlalchemy.pool", "StaticPool")]


def _in_a_file(source: Source, line: int) -> list[Edit]:
    for node in source.nodes_at(line):
        if isinstance(node, ast.Constant) and node.value == ":memory:":
            function = source.function_of(node)
            if isinstance(function, Def):
                change = source.replace(node, 'str(tmp_path / "test.db")')
                return [change, *source.add_parameter(function, "tmp_path")]
    raise NoSplice("the address is set elsewhere")


def _through_run_sync(source: Source, line: int) -> list[Edit]:
    statement = source.statement_at(line)
    match statement:
        case ast.Expr(value=ast.Call(func=function, args=[engine])):
            if isinstance(source.function_of(statement), ast.AsyncFunctionDef):
                indent = source.indentation(statement) + source.step
                head = f"async with {source.text_of(engine)}.begin() as connection:"
                body = f"await connection.run_sync({source.text_of(function)})"
                return [source.replace(statement, f"{head}\n{indent}{body}")]
    raise NoSplice("no async code creates the schema there")
