"""The objects whose methods a function awaits, by the names that it has for them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from types import CodeType

from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import own_nodes


def of(code: CodeType) -> Iterator[tuple[str, str | None]]:
    """Yield the names of what *code* awaits, each with the method: of `await job.done.wait()` both.

    Of `await answer` only the name.
    """
    block = parsed_files.function_of(code)
    for node in own_nodes(block) if block is not None else ():
        if not isinstance(node, ast.Await):
            continue
        match node.value:
            case ast.Call(func=ast.Attribute(value=of, attr=method)):
                if (name := calls.last(of)) is not None:
                    yield name, method
            case ast.Name() | ast.Attribute() as of:
                if (name := calls.last(of)) is not None:
                    yield name, None
