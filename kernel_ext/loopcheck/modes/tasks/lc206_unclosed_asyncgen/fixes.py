"""The edits of LC206: `contextlib.aclosing` around what uses the generator."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import names_in

STEPS = ("anext", "__anext__", "asend")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the block that closes the generator."""
    source, line = sources.at(finding.where)
    statement = source.statement_at(line)
    if isinstance(statement, ast.AsyncFor):
        changes = _around_loop(source, statement)
    elif finding.remedy == ("close",):
        made_by = finding.subject.name.rpartition(".")[2] if finding.subject else ""
        changes = _around_steps(source, statement, made_by)
    else:
        raise NoSplice("no `async for` at that line")
    words = "close it with `contextlib.aclosing`"
    yield Edits(changes=(*changes, *_imports(source)), safe=True, words=words)


def _closing(source: Source) -> str:
    known = source.imported("contextlib", "aclosing")
    return known or f"{source.named('contextlib')}.aclosing"


def _imports(source: Source) -> list[Edit]:
    known = source.imported("contextlib", "aclosing") or source.imported("contextlib")
    return [] if known else source.add_import("contextlib")


def _around_loop(source: Source, loop: ast.AsyncFor) -> list[Edit]:
    rows = source.text_of(loop.iter)
    if isinstance(loop.iter, ast.Name):
        return source.wrap(loop, loop, f"async with {_closing(source)}({rows}):")
    name = source.free_name("stream")
    head = f"async with {_closing(source)}({rows}) as {name}:"
    return [*source.wrap(loop, loop, head), source.replace(loop.iter, name)]


def _around_steps(source: Source, statement: ast.stmt, made_by: str) -> list[Edit]:
    """Return the changes for a generator with a name, or for one that the statement makes."""
    inside = [one for one in source.calls_at(statement.lineno) if called_name(one) not in STEPS]
    makers = [one for one in inside if called_name(one) == made_by]
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            made = value.value if isinstance(value, ast.Await) else value
            if isinstance(made, ast.Call) and called_name(made) not in STEPS:
                if made in makers or not makers:
                    return _around_uses(source, statement, name)
                return _around_maker(source, statement, makers[0], name)
            if makers:
                return _around_maker(source, statement, makers[0], name)
        case ast.Return(value=ast.expr()) if makers:
            function = source.function_of(statement)
            changes = _around_maker(source, statement, makers[0])
            if isinstance(function, Def) and source.decorator(function, "fixture") is not None:
                # What the step returned is used in the test: the generator is closed after it.
                changes.append(source.edit(*source.first_word(statement, "return"), "yield"))
            return changes
        case ast.Expr() | ast.Assert() if makers:
            return _around_maker(source, statement, makers[0])
    raise NoSplice("no generator is made at that line")


def _around_maker(
    source: Source, statement: ast.stmt, made: ast.Call, name: str | None = None
) -> list[Edit]:
    """Return the changes that close what *made* makes below the last use of *name*."""
    stream = source.free_name("stream")
    head = f"async with {_closing(source)}({source.text_of(made)}) as {stream}:"
    uses = _uses_below(source, statement, name) if name else []
    last = uses[-1] if uses else statement
    return [*source.wrap(statement, last, head), source.replace(made, stream)]


def _around_uses(source: Source, statement: ast.stmt, name: str) -> list[Edit]:
    uses = _uses_below(source, statement, name)
    if not uses or not isinstance(source.function_of(statement), ast.AsyncFunctionDef):
        raise NoSplice("no line below uses the generator")
    return source.wrap(uses[0], uses[-1], f"async with {_closing(source)}({name}):")


def _uses_below(source: Source, statement: ast.stmt, name: str) -> list[ast.stmt]:
    """Return the statements below in its block that use *name*, or what a step on it returned."""
    block = source.block_of(statement)
    names, found = {name}, list[ast.stmt]()
    for one in block[block.index(statement) + 1 :]:
        if not names & names_in(one):
            continue
        found.append(one)
        if isinstance(one, ast.Assign) and any(map(_is_step, source.calls_at(one.lineno))):
            names |= names_in(*one.targets)
    return found


def _is_step(call: ast.Call) -> bool:
    return called_name(call) in STEPS
