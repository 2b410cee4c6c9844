"""A patch of a function that FastAPI had already: `Depends(get_user)` keeps the function itself.

Nothing of it is in the traceback: the test asked by HTTP, and looked at the answer. Believed only
where the route used what the function gave, or where the function may refuse.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from types import CodeType

from loopcheck.facts.labels import Labels, plain
from loopcheck.facts.probes import objects, patched, served, source
from loopcheck.facts.probes.failure import Link
from loopcheck.facts.probes.replaced import Entry
from loopcheck.facts.probes.served import Asked
from loopcheck.facts.records import MissedPatch, Place


def read(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch that the answer which a failing assertion is about has passed by."""
    step = link.user
    if step is None or not objects.is_a(link.error, AssertionError):
        return None
    missed = [one for one in entries if not (one.added or one.calls) and patched.at_home(one)]
    for asked in served.dependencies(link, step) if missed else ():
        for entry in missed:
            if asked.function is entry.original() and not asked.overridden and _told(asked):
                code = asked.by.__code__
                block = source.function_at(code.co_filename, code.co_firstlineno)
                line = patched.def_line(block, code.co_firstlineno)
                return MissedPatch(
                    target=plain(patched.target(entry)),
                    how="depends",
                    place=patched.place(entry, labels),
                    name=plain(f"{patched.module_dot(asked.by.__globals__)}{code.co_qualname}"),
                    kept_at=Place(labels.file(code.co_filename), line),
                    used_at=step.place(labels),
                    double=entry.kind or None,
                    sure=False,
                )
    return None


def _told(asked: Asked) -> bool:
    """Return whether the answer hangs on what the function did."""
    body = _body(asked.by.__code__)
    reads = {name for one in body for name in patched.names_in(one)}
    own = patched.function_of(asked.function)
    inside = _body(own.__code__) if own is not None else []
    refuses = any(isinstance(node, ast.Raise) for one in inside for node in ast.walk(one))
    return asked.name in reads or refuses


def _body(code: CodeType) -> list[ast.stmt]:
    block = source.function_at(code.co_filename, code.co_firstlineno)
    return block.body if block is not None else []
