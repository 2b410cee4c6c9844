"""The class that the annotation of a function says it returns: `async def connect() -> Store`."""

from __future__ import annotations

import ast
from types import CodeType

from loopcheck.process import objects
from loopcheck.source import parsed_files
from loopcheck.source.values import meaning


def of(code: CodeType, space: dict[str, object]) -> type | None:
    """Return the class that the function of *code* returns, if its annotation names one."""
    block = parsed_files.function_of(code)
    returns = block.returns if block is not None else None
    if isinstance(returns, ast.Constant) and type(returns.value) is str:
        tree = parsed_files.parse(returns.value)
        first = tree.body[0] if tree is not None and tree.body else None
        returns = first.value if isinstance(first, ast.Expr) else None
    found = meaning.of(returns, space) if returns is not None else None
    return found if objects.is_a(found, type) else None
