"""The edits of LC211: wait first, then read and write without a wait; go through a copy."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.nodes import names_in, nodes_run_by

VALUE = "value"
_DECIDE = (ast.IfExp, ast.BoolOp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the wait above the statement, or the read below the wait."""
    source, line = sources.at(finding.where)
    how, *written = finding.remedy
    if how == "while":
        changes = tuple(_check_again(source, source.statement_at(line)))
        yield Edits(changes=changes, safe=True, words="check again after each wait")
    elif how == "copy":
        loop = source.statement_at(line)
        if not isinstance(loop, ast.For):
            raise NoSplice("no loop begins there")
        change = source.replace(loop.iter, f"list({source.text_of(loop.iter)})")
        yield Edits(changes=(change,), safe=True, words="go through a copy")
    elif how == "await first":
        changes = tuple(_await_first(source, source.statement_at(line)))
        yield Edits(changes=changes, safe=True, words="await above it, and then read and write")
    elif how == "read later":
        write = source.statement_at(int(written[0]))
        changes = tuple(_read_later(source, source.statement_at(line), write))
        yield Edits(changes=changes, safe=True, words="read right before the write")


def _check_again(source: Source, block: ast.stmt) -> Iterator[Edit]:
    """Yield the change of an `if` into a `while`."""
    start, end = source.first_word(block, "if")
    if source.text_between(start, end) != "if":
        raise NoSplice("it is an `elif`")
    yield source.edit(start, end, "while")


def _await_first(source: Source, statement: ast.stmt) -> Iterator[Edit]:
    """Yield the changes that give the awaited value a name in a line above *statement*."""
    if isinstance(statement, ast.AugAssign):
        target: ast.expr = statement.target
    elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
        target = statement.targets[0]
    else:
        raise NoSplice("it is no assignment")
    waits = [node for node in nodes_run_by([statement]) if isinstance(node, ast.Await)]
    if len(waits) != 1 or any(isinstance(one, _DECIDE) for one in source.parents(waits[0])):
        raise NoSplice("it is not certain that it waits once")
    wait, written = waits[0], ast.unparse(target)
    if any(
        ast.unparse(node) == written for node in nodes_run_by([wait]) if isinstance(node, ast.expr)
    ):
        raise NoSplice("the call that it awaits takes the old value")
    name = source.free_name(VALUE)
    yield source.insert_before(statement, f"{name} = {source.text_of(wait)}")
    yield source.replace(wait, name)


def _read_later(source: Source, read: ast.stmt, write: ast.stmt) -> list[Edit]:
    """Return the changes that move *read* down to *write*, if nothing in between needs it."""
    match read:
        case ast.Assign(targets=[ast.Name(id=name)]):
            pass
        case _:
            raise NoSplice("it reads in another kind of statement")
    block = source.block_of(read)
    if write not in block or hasattr(write, "body"):
        raise NoSplice("it reads and writes in two blocks")
    if any(isinstance(node, ast.Await) for node in nodes_run_by([read, write])):
        raise NoSplice("it waits as it reads or writes")
    between = block[block.index(read) + 1 : block.index(write)]
    if name in names_in(*between) or _assigns(between, names_in(read)):
        raise NoSplice("lines in between use what it reads")
    return source.move([read], write)


def _assigns(steps: list[ast.stmt], names: set[str]) -> bool:
    stores = (
        node.id
        for node in nodes_run_by(steps)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    )
    return not names.isdisjoint(stores)
