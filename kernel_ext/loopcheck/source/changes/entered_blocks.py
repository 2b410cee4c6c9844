"""Changes that put an `async with` around all that uses what a line creates."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice, called_name, dotted
from loopcheck.source.changes.splices import Source

# What they return is entered or awaited, not both.
NOT_ENTERED = ("asyncpg.connect", "psycopg.AsyncConnection")
OPENS = ("connect", "create_pool", "acquire")


def rest_of_block(source: Source, statement: ast.stmt) -> list[ast.stmt]:
    """Return the statements below *statement* in its block."""
    block = source.block_of(statement)
    rest = block[block.index(statement) + 1 :]
    if not rest or not isinstance(source.function_of(statement), ast.AsyncFunctionDef):
        raise NoSplice("no async code below it uses it")
    return rest


def entering(source: Source, value: ast.expr, name: str) -> str:
    """Return the head of the block that enters what *value* creates."""
    made = value.value if isinstance(value, ast.Await) else value
    if not isinstance(made, ast.Call):
        raise NoSplice("no call at that line creates it")
    opens = called_name(made) in OPENS
    root = dotted(made.func).partition(".")[0]
    if isinstance(value, ast.Await) and not opens and source.imported(root) is None:
        raise NoSplice("what the helper returns may be no context manager")
    if dotted(made.func) in NOT_ENTERED or called_name(made) == "pubsub":
        raise NoSplice("it is no context manager, or its owner stays open")
    return f"async with {source.text_of(made if opens else value)} as {name}:"


def enter_where_made(source: Source, statement: ast.stmt) -> list[Edit]:
    """Return the changes of `client = Client()` into `async with Client() as client:`."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            rest = rest_of_block(source, statement)
            head = source.replace(statement, entering(source, value, name))
            return [head, *source.indent(rest[0], rest[-1])]
    raise NoSplice("it is not assigned to one name")
