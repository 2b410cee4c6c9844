"""The edits of LC206: `contextlib.aclosing` around what uses the generator."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice, called_name
from loopcheck.source.changes.splices import Source

STEPS = ("anext", "__anext__", "asend")


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield the block that closes the generator."""
    source, line = sources.at(finding.where)
    statement = source.statement_at(line)
    if isinstance(statement, ast.AsyncFor):
        changes = _around_loop(source, statement)
    elif finding.remedy == ("close",):
        changes = _around_steps(source, statement)
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


def _around_steps(source: Source, statement: ast.stmt) -> list[Edit]:
    """Return the changes for a generator with a name, or for one that a step makes."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call() as call):
            if called_name(call) not in STEPS:  # it makes the generator
                return _around_rest(source, statement, name)
    for call in source.calls_at(statement.lineno):
        if called_name(call) not in STEPS:
            continue
        made = call.func.value if isinstance(call.func, ast.Attribute) else call.args[0]
        if isinstance(made, ast.Call):
            name = source.free_name("stream")
            head = f"async with {_closing(source)}({source.text_of(made)}) as {name}:"
            return [*source.wrap(statement, statement, head), source.replace(made, name)]
    raise NoSplice("no generator is made at that line")


def _around_rest(source: Source, statement: ast.Assign, name: str) -> list[Edit]:
    block = source.block_of(statement)
    rest = block[block.index(statement) + 1 :]
    if not rest or not isinstance(source.function_of(statement), ast.AsyncFunctionDef):
        raise NoSplice("no line below uses the generator")
    return source.wrap(rest[0], rest[-1], f"async with {_closing(source)}({name}):")
