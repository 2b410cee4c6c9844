"""What an error keeps from running in the clean-up of another: in an `except` or a `finally`."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from loopcheck.source import effects, parsed_files
from loopcheck.source.nodes import body_spans_line, head_spans_line


def block_at(
    filename: str, failed: int, line: int
) -> list[ast.stmt] | ast.With | ast.AsyncWith | None:
    """Return the `except` or `finally` that cleans up at *line* after an error at *failed*.

    If the exit of a `with` does so, return that. None: *line* does not clean up.
    """
    for node in reversed([*parsed_files.standing_at(filename, failed)]):
        if isinstance(node, ast.With | ast.AsyncWith):
            if body_spans_line(node.body, failed) and head_spans_line(node, line):
                return node
        elif isinstance(node, ast.Try | ast.TryStar):
            handlers = node.handlers if body_spans_line(node.body, failed) else ()
            for block in (*(one.body for one in handlers), node.finalbody):
                if body_spans_line(block, line) and not body_spans_line(block, failed):
                    return block
    return None


def skipped(filename: str, block: Sequence[ast.stmt], line: int) -> list[ast.AST]:
    """Return what an error at *line* keeps from running in *block*: no `finally` around it."""
    runs: list[ast.stmt] = []
    for node in parsed_files.standing_at(filename, line):
        if isinstance(node, ast.Try | ast.TryStar) and not body_spans_line(node.finalbody, line):
            runs += node.finalbody
    return [one for one in effects.rest(list(block), line) if one not in runs]
