"""The blocks that expect an error, whichever: `with pytest.raises(ValueError):`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.source import calls
from loopcheck.source.nodes import body_spans_line

CALLS = frozenset({"raises", "assertRaises", "assertRaisesRegex"})


def expects(block: ast.With | ast.AsyncWith) -> bool:
    """Return whether *block* expects an error."""
    made = (item.context_expr for item in block.items)
    return any(isinstance(one, ast.Call) and calls.last(one.func) in CALLS for one in made)


def around(function: ast.AST, line: int) -> Iterator[ast.With | ast.AsyncWith]:
    """Return the blocks of *function* that expect an error and have *line* in their body."""
    blocks = (one for one in ast.walk(function) if isinstance(one, ast.With | ast.AsyncWith))
    return (one for one in blocks if body_spans_line(one.body, line) and expects(one))
