"""The edits of LC213: ask the limit that the handler is about whether it has run out."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.nodes import nodes_run_by

LIMIT = "limit"


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the question at the start of the handler."""
    source, line = sources.at(finding.where)
    _, written, question = finding.remedy
    changes = tuple(_asked(source, line, written, question))
    yield Edits(changes=changes, safe=True, words="ask the limit whether it has run out")


def _asked(source: Source, line: int, written: str, question: str) -> Iterator[Edit]:
    block, handler = _handler(source, line)
    item = _item(block, written)
    if item.optional_vars is None:
        name = source.free_name(LIMIT)
        yield source.put_after(item.context_expr, f" as {name}")
    elif isinstance(item.optional_vars, ast.Name):
        name = item.optional_vars.id
    else:
        raise NoSplice("the limit is kept in an attribute")
    first = handler.body[0]
    if first.lineno == handler.lineno:
        raise NoSplice("the handler is written in one line")
    indent = source.indentation(first)
    yield source.put_before(
        first, f"if not {name}.{question}:\n{indent}{source.step}raise\n{indent}"
    )


def _handler(source: Source, line: int) -> tuple[ast.Try, ast.ExceptHandler]:
    for node in reversed(source.nodes_at(line)):
        for one in node.handlers if isinstance(node, ast.Try) else ():
            if one.lineno == line:
                assert isinstance(node, ast.Try)
                return node, one
    raise NoSplice("no `except` at that line")


def _item(block: ast.Try, written: str) -> ast.withitem:
    """Return the block's item that sets the limit: nothing above it may raise the error."""
    first = block.body[0]
    for node in nodes_run_by(block.body):
        for item in node.items if isinstance(node, ast.With | ast.AsyncWith) else ():
            if ast.unparse(item.context_expr) == written:
                if node is not first:  # else the name might not be bound
                    raise NoSplice("something runs before the limit is set")
                return item
    raise NoSplice("no `with` sets that limit")
