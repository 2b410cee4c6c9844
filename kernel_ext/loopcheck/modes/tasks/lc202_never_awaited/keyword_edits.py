"""The edits that add or remove a word where a line uses what is async like a plain thing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.records import Edit, Edits
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source
from loopcheck.source.nodes import nodes_of

WORDS = {
    "async for": "write `async for`",
    "async with": "write `async with`",
    "for": "write `for` without `async`",
    "plain with": "write `with` without `async`",
    "call": "call it",
    "no await": "remove the `await`",
    "unpack": "pass them one by one",
}
BLOCKS = {"async for": ast.For, "async with": ast.With}
ASYNC_BLOCKS = {"for": ast.AsyncFor, "plain with": ast.AsyncWith}


def edits(source: Source, line: int, remedy: str, name: str) -> Edits:
    """Return the edit for the statement at *line*, in which *name* is what it is about."""
    statement = source.statement_at(line)
    change = _change(source, statement, remedy, name)
    return Edits(changes=(change,), safe=True, words=WORDS[remedy])


def _change(source: Source, statement: ast.stmt, remedy: str, name: str) -> Edit:
    if remedy in BLOCKS:
        if not isinstance(source.function_of(statement), ast.AsyncFunctionDef):
            raise NoSplice("the function around it is no `async def`")
        if isinstance(statement, BLOCKS[remedy]):
            return source.put_before(statement, "async ")
        return _in_comprehension(source, statement, name)
    if remedy in ASYNC_BLOCKS:
        if not isinstance(statement, ASYNC_BLOCKS[remedy]):
            raise NoSplice("no such block is at that line")
        start = source.span(statement)[0]
        word = source.text_of(statement).removeprefix("async")
        spaces = len(word) - len(word.lstrip())
        return source.edit(start, (start[0], start[1] + len("async") + spaces), "")
    for node in _written(source, statement, name):
        if remedy == "call":
            return source.put_after(node, "()")
        if remedy == "unpack":
            return source.put_before(node, "*")
        around = source.parents(node)[0]
        if isinstance(around, ast.Await):
            return source.replace(around, source.text_of(node))
    raise NoSplice("the line does not have it as it was")


def _written(source: Source, statement: ast.stmt, name: str) -> Iterator[ast.expr]:
    for node in nodes_of(ast.expr, statement):
        if ast.unparse(node) == name and not isinstance(source.parents(node)[0], ast.Attribute):
            yield node


def _in_comprehension(source: Source, statement: ast.stmt, name: str) -> Edit:
    kinds = (ast.ListComp, ast.SetComp, ast.GeneratorExp)
    for made in nodes_of(kinds, statement):
        first = made.generators[0]
        if ast.unparse(first.iter) == name and not isinstance(made, ast.GeneratorExp):
            start, end = source.span(made.elt)[1], source.span(first.target)[0]
            between = source.text_between(start, end).replace("for", "async for", 1)
            return source.edit(start, end, between)
    raise NoSplice("no list of its values is at that line")
