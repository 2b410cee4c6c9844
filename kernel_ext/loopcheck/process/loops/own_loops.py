"""An object that created the loop it works on, and the line that made it close that loop."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Callers
from loopcheck.records import Place
from loopcheck.source import parsed_files
from loopcheck.source.nodes import spans_line

LOOKS_UP = "(?:get_running_loop|get_event_loop)"
COLLECTED = "__del__"  # the code that runs at that time has nothing to do with the object


def made_by(thing: object, callers: Callers) -> ast.ClassDef | None:
    """Return the class of *thing*, if it is user code and its own lines created the loop."""
    users = [(file, line) for module, file, line, _ in callers if _users(module, file)]
    for kind in objects.mro(type(thing)) if users else ():
        filename = objects.users_class(kind)
        name = type.__dict__["__qualname__"].__get__(kind)
        block = parsed_files.class_named(filename, name) if filename == users[0][0] else None
        if block is not None and spans_line(block, users[0][1]):
            return block
    return None


def closed_at(
    block: ast.ClassDef, made: Callers, closers: Callers, failed: Iterable[Step], labels: Labels
) -> Place | None:
    """Return the line that closed the loop, None if that is unknown or the collector did.

    The line is the call of the object's own closing method. If that method itself failed, it is the
    line in the method: then no code meant to close anything.
    """
    filename = next(file for module, file, *_ in made if _users(module, file))
    users = [one for one in closers if _users(one[0], one[1])]
    own = [one for one in users if one[1] == filename and spans_line(block, one[2])]
    used = {step.frame.f_code.co_name for step in failed if spans_line(block, step.line)}
    if not users or any(name == COLLECTED for *_, name in own):
        return None
    outside = next((one for one in users if one not in own), None)
    itself = bool(own) and own[-1][3] in used
    _, file, line, name = users[0] if outside is None or itself else outside
    return Place(labels.file(file), line, name)


def looked_up_at(
    things: Iterable[object], loop: object, made: Place | None, labels: Labels
) -> Place | None:
    """Return the line of a project's class that looks up *loop* and keeps it in its instance.

    If the class is in the file that creates the instance, both are the same author's choice, and
    the line *made* says more.
    """
    for thing in things:
        filename = objects.users_class(type(thing))
        if filename is None or made is None or labels.file(filename) == made.file:
            continue
        for name, value in objects.steps(thing):
            lines = list(_looking_up(filename, name.lstrip("."))) if value is loop else []
            if len(lines) == 1:
                return Place(labels.file(filename), lines[0], name.lstrip("."))
    return None


def _looking_up(filename: str, name: str) -> Iterator[int]:
    """Yield the lines that assign the running or current loop to attribute *name* of `self`."""
    keeps = re.compile(rf"^\s*self\.{re.escape(name)}\b[^=\n]*=[^=\n].*\b{LOOKS_UP}\(")
    for number, line in enumerate(parsed_files.text(filename).splitlines(), start=1):
        if keeps.match(line):
            yield number


def _users(module: str, file: str) -> bool:
    return live_loops.owner(file, module) == "user"
