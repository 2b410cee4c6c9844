"""A patch of a function that FastAPI had already stored: `Depends(get_user)` keeps the function.

The traceback does not show it: the test sent an HTTP request, and checked the response. Reported
only if the route used the function's result, or the function may raise.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import CodeType

from loopcheck.labels import Labels, plain
from loopcheck.process import objects
from loopcheck.process.failure import Link
from loopcheck.process.patches import patch_records, served_functions
from loopcheck.process.patches.replaced import Entry
from loopcheck.process.patches.served_functions import Asked
from loopcheck.records import MissedPatch, Place
from loopcheck.source import parsed_files
from loopcheck.source.nodes import has_node, names_read


def read(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch that had no effect on the response that a failing assertion checks."""
    step = link.user
    if step is None or not objects.is_a(link.error, AssertionError):
        return None
    missed = [one for one in entries if not (one.added or one.calls) and patch_records.at_home(one)]
    for asked in served_functions.dependencies(link, step) if missed else ():
        for entry in missed:
            if asked.function is entry.original() and not asked.overridden and _told(asked):
                code = asked.by.__code__
                block = parsed_files.function_of(code)
                line = patch_records.def_line(block, code.co_firstlineno)
                return MissedPatch(
                    target=plain(patch_records.target(entry)),
                    how="depends",
                    place=patch_records.place(entry, labels),
                    name=plain(
                        f"{patch_records.module_dot(asked.by.__globals__)}{code.co_qualname}"
                    ),
                    kept_at=Place(labels.file(code.co_filename), line),
                    used_at=step.place(labels),
                    double=entry.kind or None,
                    sure=False,
                )
    return None


def _told(asked: Asked) -> bool:
    """Return whether the response depends on what the function did."""
    body = _body(asked.by.__code__)
    reads = {name for one in body for name in names_read(one)}
    own = objects.function_of(asked.function)
    inside = _body(own.__code__) if own is not None else []
    refuses = has_node(ast.Raise, *inside)
    return asked.name in reads or refuses


def _body(code: CodeType) -> list[ast.stmt]:
    block = parsed_files.function_of(code)
    return block.body if block is not None else []
