"""The edits of LC212: expect the group, where the caught error itself is not used."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.nodes import names_in, nodes_run_by

# In an `except*`, the first three are syntax errors, and what `raise` raises may be grouped again.
BARRED = (ast.Return, ast.Break, ast.Continue, ast.Raise)
WORD = len("except")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield `except*` for an `except`, `pytest.RaisesGroup` for a `pytest.raises`."""
    source, line = sources.at(finding.where)
    how, written, count, nested = finding.remedy
    if how == "except":
        changes = tuple(_starred(source, line))
        yield Edits(changes=changes, safe=True, words=f"use `except* {written}`")
    elif how == "raises" and count == "1":
        changes = tuple(_expect_group(source, line, written, flat=bool(nested)))
        yield Edits(changes=changes, safe=True, words="use `pytest.RaisesGroup`")


def _starred(source: Source, line: int) -> Iterator[Edit]:
    block = next(
        (
            node
            for node in reversed(source.nodes_at(line))
            if isinstance(node, ast.Try) and any(one.lineno == line for one in node.handlers)
        ),
        None,
    )
    if block is None:
        raise NoSplice("no `except` at that line")
    for handler in block.handlers:
        if handler.type is None:
            raise NoSplice("a bare `except` cannot be `except*`")
        if handler.name is not None and handler.name in names_in(*handler.body):
            raise NoSplice("the handler uses the caught error, which would be a group")
        if any(isinstance(node, BARRED) for node in nodes_run_by(handler.body)):
            raise NoSplice("an `except*` may neither return nor leave a loop")
        row, column = source.span(handler)[0]
        yield source.edit((row, column + WORD), (row, column + WORD), "*")


def _expect_group(source: Source, line: int, written: str, *, flat: bool) -> Iterator[Edit]:
    pytest = source.imported("pytest")
    call = next(
        (one for one in source.calls_at(line) if dotted(one.func) == f"{pytest}.raises"), None
    )
    if call is None or pytest is None:
        raise NoSplice("no `pytest.raises` at that line")
    match call:
        case ast.Call(args=[(ast.Name() | ast.Attribute()) as kind], keywords=keywords):
            _refuse_used_error(source, call)
        case _:
            raise NoSplice("several classes, or a call, are expected")
    inner = source.text_of(kind)
    if keywords:  # `match` is about the message of the member
        row, column = source.span(call)[1]
        told = source.text_between(source.span(kind)[0], (row, column - 1))
        inner = f"{pytest}.RaisesExc({told.rstrip().rstrip(',')})"
    also = ", flatten_subgroups=True" if flat else ""
    yield source.replace(call, f"{pytest}.RaisesGroup({inner}{also})")


def _refuse_used_error(source: Source, call: ast.Call) -> None:
    """Refuse if the caught error has a name, which would be that of the group."""
    statement = source.statement_of(call)
    items = statement.items if isinstance(statement, ast.With | ast.AsyncWith) else []
    if not any(item.context_expr is call and item.optional_vars is None for item in items):
        raise NoSplice("the test uses the caught error, which would be a group")
