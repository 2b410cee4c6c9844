"""The change that closes something later: after the line that still needs it."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice
from loopcheck.source.changes.splices import Source


def close_after(source: Source, line: int, until: int) -> list[Edit]:
    """Return the changes that let what *line* closes live on to the statement at *until*.

    If a block closes it, that statement moves into the block.
    """
    end = source.statement_at(line)
    block = source.block_of(end)
    between = [one for one in block[block.index(end) + 1 :] if one.lineno <= until]
    if not between:
        raise NoSplice("the last use is in another block")
    if isinstance(end, ast.With | ast.AsyncWith):
        return [*source.indent(between[0], between[-1])]
    if isinstance(between[-1], ast.Return | ast.Raise):
        raise NoSplice("nothing after the last use would run")
    return source.move([end], between[-1], below=True)
