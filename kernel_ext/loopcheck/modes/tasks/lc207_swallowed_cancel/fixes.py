"""The edits of LC207: the handler lets a cancellation pass."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name, dotted
from loopcheck.source.changes.splices import Source

CANCELLED, ALL = "CancelledError", "BaseException"


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the handler or `suppress` without the cancellation."""
    source, line = sources.at(finding.where)
    if finding.remedy == ("suppress",):
        changes, words = _unsuppressed(source, line), "remove CancelledError from `suppress`"
        yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    handlers = [
        node
        for node in source.nodes_at(line)
        if isinstance(node, ast.ExceptHandler) and node.lineno == line
    ]
    if len(handlers) != 1:
        raise NoSplice("no handler at that line")
    narrowed = _narrowed(source, handlers[0])
    if narrowed is not None:
        yield Edits(changes=(narrowed,), safe=True, words="don't catch CancelledError")
    changes = _raised(source, handlers[0])
    yield Edits(changes=tuple(changes), safe=True, words="raise it again")


def _narrowed(source: Source, handler: ast.ExceptHandler) -> Edit | None:
    """Return the change of what *handler* catches, None if that is CancelledError alone."""
    caught = handler.type
    if isinstance(caught, ast.Name) and caught.id == ALL:
        return source.replace(caught, "Exception")
    if isinstance(caught, ast.Tuple):
        rest = [one for one in caught.elts if not dotted(one).endswith(CANCELLED)]
        rest = [one for one in rest if dotted(one) != ALL]
        if rest and len(rest) < len(caught.elts):
            words = ", ".join(map(source.text_of, rest))
            return source.replace(caught, words if len(rest) == 1 else f"({words})")
    return None


def _raised(source: Source, handler: ast.ExceptHandler) -> list[Edit]:
    caught = handler.type
    if caught is not None and not dotted(caught).endswith((CANCELLED, ALL)):
        return []  # of other errors the handler makes what it means to
    last = handler.body[-1]
    if isinstance(last, ast.Return | ast.Continue | ast.Break | ast.Pass):
        return [source.replace(last, "raise")]
    return [source.insert_after(last, "raise")]


def _unsuppressed(source: Source, line: int) -> list[Edit]:
    block = source.statement_at(line)
    for call in source.calls_at(line):
        if called_name(call) != "suppress":
            continue
        mine = [one for one in call.args if dotted(one).endswith((CANCELLED, ALL))]
        if len(mine) < len(call.args):
            return [source.drop_argument(call, one) for one in mine]
        if isinstance(block, ast.With) and len(block.items) == 1:
            return source.unwrap(block)
    raise NoSplice("no `suppress` at that line")
