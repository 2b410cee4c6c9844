"""An object that created the loop it works on, and the line that made it close that loop."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import FunctionType

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Callers
from loopcheck.records import Place
from loopcheck.source import bindings, calls, parsed_files
from loopcheck.source.nodes import calls_in, spans_line

LOOK_UPS = ("get_running_loop", "get_event_loop")
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


def asks_when_made(thing: object) -> bool:
    """Return whether the constructor of *thing* asks for the loop that runs at that time."""
    kinds = map(objects.class_dict, objects.mro(type(thing)))
    makers = (objects.code_of(one.get("__init__")) for one in kinds)
    return any(not {*LOOK_UPS}.isdisjoint(one.co_names) for one in makers if one is not None)


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


def stopped_at(
    block: ast.ClassDef, made: Callers, stoppers: Callers, labels: Labels
) -> Place | None:
    """Return the innermost line of the class that made the loop among those that stop it."""
    filename = next(file for module, file, *_ in made if _users(module, file))
    own = (one for one in stoppers if one[1] == filename and spans_line(block, one[2]))
    _, file, line, name = next(own, (None, "", 0, ""))
    return Place(labels.file(file), line, name) if line else None


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
        for part, value in objects.steps(thing):
            name = part.lstrip(".")
            found = list(_looking_up(type(thing), name)) if value is loop else []
            if len(found) == 1:
                file, line = found[0]
                return Place(labels.file(file), line, name)
    return None


def _looking_up(kind: type, name: str) -> Iterator[tuple[str, int]]:
    """Yield where a method of *kind* looks up the loop that it keeps as attribute *name*."""
    codes = [
        function.__code__
        for one in objects.mro(kind)
        if objects.users_class(one) is not None
        for function in objects.class_dict(one).values()
        if type(function) is FunctionType
    ]
    for code in codes:
        method = parsed_files.function_of(code)
        if method is None:
            continue
        for value, _ in bindings.values(method, f"{bindings.first_parameter(method)}.{name}"):
            named = [one for one, _ in bindings.values(method, ast.unparse(value))]
            for call in calls_in(value, *named):
                if calls.last(call.func) in LOOK_UPS:
                    yield code.co_filename, call.lineno


def _users(module: str, file: str) -> bool:
    return live_loops.owner(file, module) == "user"
