"""A loop over a dict, list or set that another task changes while the loop's body waits."""

from __future__ import annotations

import ast

from loopcheck.case.live import Live
from loopcheck.light import frozen
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, parsed_files
from loopcheck.source.nodes import head_spans_line, nodes_run_by
from loopcheck.source.statements import state_changes
from loopcheck.source.values import called_bodies, callees, meaning

DEEPEST = 3  # calls between the loop and a line of its own that changes it
SAID = ("changed size during iteration", "mutated during iteration", "changed during iteration")
VIEWS = ("items", "keys", "values")
_WAITS = (ast.Await, ast.AsyncFor, ast.AsyncWith)


@frozen
class ChangedLoop:
    """A loop whose body waits, and what it goes through."""

    name: str  # "self._clients"
    type: str
    written: str  # as the loop has it: "self._clients.items()"
    coroutine: str
    loop_at: Place
    awaited_at: Place
    changed_at: tuple[Place, ...]  # the lines of the project that add to it or remove from it


def find_changed_loop(live: Live) -> ChangedLoop | None:
    """Return the loop that Python has ended, since something else changed what it goes through."""
    for link in live.links:
        if not objects.is_a(link.error, RuntimeError) or not link.trace:
            continue
        step = link.trace[-1]
        if step is link.user and any(one in objects.said(link.error) for one in SAID):
            return _read(step, live)
    return None


def _read(step: Step, live: Live) -> ChangedLoop | None:
    around = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    loops = [one for one in around if isinstance(one, ast.For) and head_spans_line(one, step.line)]
    if not loops:
        return None
    container = _container(loops[-1].iter)
    body = list(nodes_run_by(loops[-1].body))
    waits = [one.lineno for one in body if isinstance(one, _WAITS)]
    if not waits or _changes(called_bodies.of_frame(step.frame, loops[-1].body), container):
        return None
    name, thing = ast.unparse(container), callees.value(container, meaning.names_of(step.frame))
    code = step.frame.f_code
    lines = state_changes.of(calls.last(container) or "")
    return ChangedLoop(
        name=name,
        type=objects.type_name(thing) if meaning.known(thing) else "dict",
        written=ast.unparse(loops[-1].iter),
        coroutine=await_chain.short(code.co_qualname),
        loop_at=await_chain.place(code, loops[-1].lineno, live.labels),
        awaited_at=await_chain.place(code, min(waits), live.labels),
        changed_at=tuple(
            Place(live.labels.file(one.file), one.line, one.function.name)
            for one in sorted(lines, key=lambda one: (one.file, one.line))
            if one.how in ("added", "removed")
        ),
    )


def _changes(body: called_bodies.Body, container: ast.expr) -> bool:
    """Return whether *body*, or what it calls, changes what is called like *container*."""
    return any(
        calls.last(target) == calls.last(container)
        for one in called_bodies.reached(body, deepest=DEEPEST)
        for node in nodes_run_by(one.steps)
        for target, *_ in state_changes.changes_by(node)
    )


def _container(node: ast.expr) -> ast.expr:
    """Return what the loop goes through: `clients` of `enumerate(clients.items())`."""
    match node:
        case ast.Call(func=ast.Name(id="enumerate" | "reversed" | "zip"), args=[first, *_]):
            return _container(first)
        case ast.Call(func=ast.Attribute(value=of, attr=view), args=[]) if view in VIEWS:
            return of
    return node
