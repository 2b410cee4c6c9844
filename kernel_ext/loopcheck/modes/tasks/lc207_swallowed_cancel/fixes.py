"""The edits of LC207: the handler lets a cancellation pass."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def

CANCELLED, ALL = "CancelledError", "BaseException"


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the handler or `suppress` without the cancellation."""
    source, line = sources.at(finding.where)
    if finding.remedy == ("suppress",):
        changes, words = _unsuppressed(source, line), "remove CancelledError from `suppress`"
        yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    if finding.remedy == ("manager",):
        changes, words = _passed_by_manager(source, line), "let a cancellation end the block"
        yield Edits(changes=tuple(changes), safe=True, words=words)
        return
    if finding.remedy == ("finally",):
        changes, words = _returned_below(source, line), "return below the `finally`"
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


def _passed_by_manager(source: Source, line: int) -> list[Edit]:
    """Return the change of what `__aexit__` returns: false for a cancellation."""
    statement = source.statement_at(line)
    function = source.function_of(statement)
    if not isinstance(statement, ast.Return) or not isinstance(function, Def):
        raise NoSplice("no `return` at that line")
    names = [one.arg for one in function.args.args]
    if len(names) != 4 or statement.value is None:
        raise NoSplice("the error has no name there")
    kept = f"not isinstance({names[2]}, {source.named('asyncio')}.{CANCELLED})"
    value = statement.value
    imports = source.add_import("asyncio")
    if isinstance(value, ast.Constant):
        return [source.replace(value, kept), *imports]
    tight = isinstance(value, ast.BoolOp | ast.IfExp | ast.Lambda | ast.NamedExpr)
    said = f"({source.text_of(value)})" if tight else source.text_of(value)
    return [source.replace(value, f"{said} and {kept}"), *imports]


def _returned_below(source: Source, line: int) -> list[Edit]:
    """Return the changes that move a `finally`'s only `return` below its `try`."""
    statement = source.statement_at(line)
    around = source.parents(statement)[0]
    if not isinstance(around, ast.Try) or around.finalbody[-1] is not statement:
        raise NoSplice("no `finally` ends with it")
    if not isinstance(statement, ast.Return):
        raise NoSplice("it is no `return`")
    return [source.remove(statement), source.insert_after(around, source.text_of(statement))]


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
