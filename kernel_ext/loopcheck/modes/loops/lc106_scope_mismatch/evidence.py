"""The names that an async fixture uses, as its text shows them."""

from __future__ import annotations

import ast

from loopcheck.source import parsed_files
from loopcheck.source.nodes import names_in, nodes_of


def names_in_function(text: str, line: int) -> set[str]:
    """Return the names in the `async def` at *line* of *text*, none if it does not parse."""
    for function in nodes_of(ast.AsyncFunctionDef, parsed_files.parse(text)):
        if function.lineno == line:
            return names_in(function)
    return set()
