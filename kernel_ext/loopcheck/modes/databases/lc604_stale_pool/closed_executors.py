"""An executor that a failing line gave a job after its shutdown, and the line that shut it down.

No watch records a shutdown. So the line is one that shuts down what has the executor's name, and it
is only named if there is no other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import failure, objects, thread_stacks
from loopcheck.process.databases import connection_names
from loopcheck.records import DoneAt, Place
from loopcheck.source import calls, modules, parsed_files
from loopcheck.source.nodes import calls_in

SAID = "cannot schedule new futures after shutdown"
MODULES = ("concurrent.futures.thread", "concurrent.futures.process")
FLAGS = ("_shutdown", "_shutdown_thread")  # of threads; of processes


def of(link: failure.Link) -> object | None:
    """Return the executor that refused a job of *link*, if it has shut down."""
    last = link.trace[-1] if link.trace else None
    if last is None or last.module not in MODULES or last.frame.f_code.co_name != "submit":
        return None
    if not objects.is_a(link.error, RuntimeError) or objects.said(link.error) != SAID:
        return None
    own: object = thread_stacks.locals_of(last.frame).get("self")
    shut = any(objects.peek(own, flag) is True for flag in FLAGS)
    return own if objects.is_a(own, Executor) and shut else None


def ended(name: str, steps: Sequence[failure.Step], item: Any, labels: Labels) -> DoneAt | None:
    """Return the only line that shuts down an executor called *name*."""
    last = name.rpartition(".")[2]
    files = dict.fromkeys((*(one.frame.f_code.co_filename for one in steps), *modules.files()))
    found = [(file, line) for file in files for line in _ends(file, last)]
    if len(found) != 1:
        return None
    file, line = found[0]
    around = next(iter(parsed_files.enclosing(file, line)), None)
    fixture = (
        connection_names.fixture_at(file, around.lineno, item, labels)
        if around is not None and item is not None
        else None
    )
    place = Place(labels.file(file), line, around.name if around is not None else None)
    return DoneAt(place=place, fixture=fixture)


def _ends(file: str, name: str) -> Iterator[int]:
    """Yield the lines of *file* that shut down *name*, or whose block does so at its end."""
    if name not in parsed_files.text(file):
        return
    tree = parsed_files.tree(file)
    if tree is None:
        return
    for call in calls_in(tree):
        match call.func:
            case ast.Attribute(value=owner, attr="shutdown") if calls.last(owner) == name:
                yield call.lineno
    for node in parsed_files.statements(tree):
        if isinstance(node, ast.With):
            entered = [one.optional_vars or one.context_expr for one in node.items]
            yield from (node.lineno for one in entered if calls.last(one) == name)
