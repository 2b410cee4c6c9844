"""An object that made the loop it works on, and the line that had it close that loop."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Callers
from loopcheck.records import Place
from loopcheck.source import parsed_files

COLLECTED = "__del__"  # whoever runs then has nothing to do with it


def made_by(thing: object, callers: Callers) -> ast.ClassDef | None:
    """Return the class of *thing*, one of the user's, if its own lines made the loop."""
    users = [(file, line) for module, file, line, _ in callers if _users(module, file)]
    for kind in objects.mro(type(thing)) if users else ():
        filename = objects.users_class(kind)
        name = type.__dict__["__qualname__"].__get__(kind)
        block = parsed_files.class_named(filename, name) if filename == users[0][0] else None
        if block is not None and _inside(users[0][1], block):
            return block
    return None


def closed_at(
    block: ast.ClassDef, made: Callers, closers: Callers, failed: Iterable[Step], labels: Labels
) -> Place | None:
    """Return the line that had the loop closed, None where nobody saw it, or the collector did.

    That is who called the object's own method for it; or that method, where it fails by now: then
    nobody asked it to close anything.
    """
    filename = next(file for module, file, *_ in made if _users(module, file))
    users = [one for one in closers if _users(one[0], one[1])]
    own = [one for one in users if one[1] == filename and _inside(one[2], block)]
    used = {step.frame.f_code.co_name for step in failed if _inside(step.line, block)}
    if not users or any(name == COLLECTED for *_, name in own):
        return None
    outside = next((one for one in users if one not in own), None)
    itself = bool(own) and own[-1][3] in used
    _, file, line, name = users[0] if outside is None or itself else outside
    return Place(labels.file(file), line, name)


def _users(module: str, file: str) -> bool:
    return live_loops.owner(file, module) == "user"


def _inside(line: int, block: ast.ClassDef) -> bool:
    return block.lineno <= line <= (block.end_lineno or block.lineno)
