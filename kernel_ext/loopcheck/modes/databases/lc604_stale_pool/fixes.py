"""The edits of LC604: one loop for the pool and its tests, or an end that comes late enough."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits
from loopcheck.source.changes import closing_times
from loopcheck.source.changes.async_conversion import await_in_place
from loopcheck.source.changes.loop_scopes import share_loop
from loopcheck.source.changes.project_sources import Sources
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source


def edits(finding: Finding, sources: Sources) -> Iterator[Edits]:
    """Yield what the fix of the finding says, for a machine."""
    if finding.where is None:
        return
    source, line = sources.at(finding.where)
    what, *more = finding.remedy
    if what == "one loop":
        scope, fixture = more
        yield from share_loop(finding.where, fixture, scope, finding.tests, sources)
    elif what == "await":
        changes, words = _opened(source, _unopened(source, line), sources)
        yield Edits(changes=tuple(changes), safe=True, words=words)
    elif what == "yield":
        changes = _yielded(source, source.statement_at(line))
        yield Edits(changes=tuple(changes), safe=True, words="`yield` it")
    elif what == "yield above":
        changes = _yielded_above(source, source.statement_at(line))
        yield Edits(changes=tuple(changes), safe=True, words="`yield` it first")
    elif what == "use before":
        changes, words = _used_before(source, source.statement_at(line))
        yield Edits(changes=tuple(changes), safe=True, words=words)
    elif what == "close below" and finding.used_at is not None:
        changes = closing_times.close_after(source, line, finding.used_at.line)
        yield Edits(changes=tuple(changes), safe=True, words="close it after the assertion")
    elif what in ("open", "open before"):
        change, words = _made_ready(source, source.statement_at(line), what, *more)
        yield Edits(changes=(change,), safe=True, words=words)
    elif what == "enter":
        changes = _entered(source, source.statement_at(line), *more)
        yield Edits(changes=tuple(changes), safe=True, words="enter it")
    elif what == "forget":
        change = source.insert_after(source.statement_at(line), f"{more[0]} = None")
        yield Edits(changes=(change,), safe=True, words=f"set `{more[0]} = None`")


def _opened(source: Source, call: ast.Call, sources: Sources) -> tuple[list[Edit], str]:
    """Return the changes that open what *call* creates; without a name nothing else closes it."""
    statement = source.statement_of(call)
    if isinstance(statement, ast.Assert):
        raise NoSplice("what the line asserts would change")
    nameless = isinstance(statement, ast.Expr) and source.parents(call)[0] is not statement
    if not nameless or not isinstance(source.function_of(call), ast.AsyncFunctionDef):
        return await_in_place(source, call, sources), "await it"
    name = source.free_name("connection")
    head = f"async with {source.text_of(call)} as {name}:"
    return [*source.wrap(statement, statement, head), source.replace(call, name)], "enter it"


def _yielded(source: Source, function: ast.stmt) -> list[Edit]:
    """Return the changes of a fixture's `return` into a `yield`, inside the block that closes."""
    statement, value = source.only_return(function)
    said = f"yield {source.text_of(value)}"
    block = source.block_of(statement)
    around = block[: block.index(statement)][-1:]
    if not around or not isinstance(around[0], ast.AsyncWith):
        return [source.replace(statement, said)]
    last = around[0].body[-1]
    inside = (
        source.replace(last, said)
        if isinstance(last, ast.Pass)
        else source.insert_after(last, said)
    )
    return [inside, source.remove(statement)]


def _yielded_above(source: Source, closing: ast.stmt) -> list[Edit]:
    """Return the changes that let a fixture give its object away before *closing* closes it."""
    block = source.block_of(closing)
    match block[block.index(closing) + 1 :]:
        case [ast.Return() | ast.Expr(value=ast.Yield()) as gives]:
            value = gives.value.value if isinstance(gives.value, ast.Yield) else gives.value
            if value is not None:
                said = f"yield {source.text_of(value)}"
                return [source.insert_before(closing, said), source.remove(gives)]
    raise NoSplice("what the fixture gives away is not in the next line")


def _used_before(source: Source, end: ast.stmt) -> tuple[list[Edit], str]:
    """Return the changes that let the rest of the block of *end* run before it."""
    block = source.block_of(end)
    rest = block[block.index(end) + 1 :]
    if not rest or isinstance(rest[-1], ast.Return | ast.Raise):
        raise NoSplice("a value is returned after it")
    changes = closing_times.close_after(source, end.lineno, rest[-1].lineno)
    if not isinstance(end, ast.With | ast.AsyncWith):
        return changes, "close it at the end"
    if isinstance(end.body[0], ast.Pass):
        changes.append(source.edit((end.body[0].lineno, 0), (end.body[0].lineno + 1, 0), ""))
    return changes, "use it inside the block"


def _made_ready(
    source: Source, statement: ast.stmt, when: str, method: str, awaits: str
) -> tuple[Edit, str]:
    """Return the change that calls *method* after the line that creates the object, or before use.

    There a call on a bare name uses it: `await queue.wait_closed()`.
    """
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]) if when == "open":
            pass
        case ast.Expr(
            value=ast.Await(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name))))
        ) if when == "open before":
            pass
        case _:
            raise NoSplice("no name for the object there")
    if awaits and not isinstance(source.function_of(statement), ast.AsyncFunctionDef):
        raise NoSplice("its function is not async")
    put = source.insert_after if when == "open" else source.insert_before
    return put(statement, f"{awaits}{name}.{method}()"), f"call `{method}` first"


def _entered(source: Source, statement: ast.stmt, word: str) -> list[Edit]:
    """Return the changes that put all below the line that creates the object into its block."""
    block = source.block_of(statement)
    rest = block[block.index(statement) + 1 :]
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if rest:
            head = f"{word} {source.text_of(value)} as {name}:"
            return [source.remove(statement), *source.wrap(rest[0], rest[-1], head)]
    raise NoSplice("no name for the object there")


def _unopened(source: Source, line: int) -> ast.Call:
    calls = [
        one for one in source.calls_at(line) if not isinstance(source.parents(one)[0], ast.Await)
    ]
    if len(calls) != 1:
        raise NoSplice("no call at that line creates it")
    return calls[0]
