"""Lines that run while an error is on its way out: an error of theirs hides the first one.

A `finally`, the exit of a `with`, a handler that raises the same error again: none of them has
dealt with the error. A handler that continues has.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from loopcheck.source import parsed_files
from loopcheck.source.nodes import body_spans_line, head_spans_line


def is_cleanup(filename: str, failed: int, line: int) -> bool:
    """Return whether *line* of *filename* runs on the way out of an error that came up at *failed*.

    Both are lines of one frame. The innermost block around *failed* that *line* belongs to decides.
    """
    found = False
    for node in parsed_files.standing_at(filename, failed):
        if isinstance(node, ast.With | ast.AsyncWith):
            if body_spans_line(node.body, failed) and head_spans_line(node, line):
                found = True
        elif isinstance(node, ast.Try | ast.TryStar) and not body_spans_line(
            node.finalbody, failed
        ):
            caught = next((one for one in node.handlers if body_spans_line(one.body, line)), None)
            if caught is not None and body_spans_line(node.body, failed):
                found = _raises_again(caught.body)
            elif body_spans_line(node.finalbody, line):
                found = True
    return found


def _raises_again(body: Sequence[ast.stmt]) -> bool:
    """Return whether a handler ends with a bare `raise`."""
    return isinstance(body[-1], ast.Raise) and body[-1].exc is None
