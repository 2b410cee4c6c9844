"""The marks of a test, which say what plugin runs it."""

from __future__ import annotations

import ast

from loopcheck.records import Edit
from loopcheck.source.changes.source_text import NoSplice, dotted
from loopcheck.source.changes.splices import Source
from loopcheck.source.definitions import Def


def respell_mark(source: Source, test: Def, was: str, will_be: str) -> Edit:
    """Return the change that gives *test*, its class or its module the mark *will_be*."""
    around = [one for one in source.parents(test) if isinstance(one, ast.ClassDef)]
    for holder in (test, *around):
        mark = source.decorator(holder, f"mark.{was}")
        if mark is not None:
            bare = mark.func if isinstance(mark, ast.Call) else mark
            return source.replace(bare, source.text_of(bare).replace(f".{was}", f".{will_be}"))
    for node in source.nodes():
        if isinstance(node, ast.Attribute) and dotted(node).endswith(f"mark.{was}"):
            return source.replace(node, source.text_of(node).replace(f".{was}", f".{will_be}"))
    raise NoSplice("the mark is elsewhere")
