"""A line of a class that closes one thing its instance keeps, and forgets one created beside it.

Whatever else might close it is enough to keep silent: it is passed on, put in a list, or ended.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from loopcheck.light import dataclass
from loopcheck.source import bindings, parsed_files
from loopcheck.source.assignments import Assignment, assignments_in
from loopcheck.source.bindings import Function
from loopcheck.source.calls import last
from loopcheck.source.nodes import nodes_with_parents


@dataclass(frozen=True)
class Forgotten:
    """The line to change: it closes the one, and could close the other."""

    line: int
    function: str
    closes: str  # "self.sending"
    leaves: str  # "self.receiving"


def find(file: str, line: int, names: Iterable[str]) -> Forgotten | None:
    """Return the only line that forgets what *line* creates and gives to *names*."""
    maker = next(iter(parsed_files.enclosing(file, line)), None)
    kind = parsed_files.class_of(file, maker) if maker is not None else None
    if maker is None or kind is None:
        return None
    me = bindings.first_parameter(maker)
    kept = [one for given in assignments_in(maker) for one in _kept(given, me)]
    left = {name for name, value in kept for one in names if _holds(name, value, one, me)}
    if len(left) != 1:
        return None
    mine = left.pop()
    methods = [one for one in kind.body if isinstance(one, Function) and one is not maker]
    if any(_may_close(one, mine) for one in methods):
        return None
    made = [value for name, value in kept if name == mine]
    beside = {name for name, value in kept if name != mine and _is_like(value, made)}
    found = [
        Forgotten(at, method.name, f"{me}.{other}", f"{me}.{mine}")
        for method in methods
        for other in sorted(beside)
        for at in _closings(method, other)
    ]
    return found[0] if len(found) == 1 else None


def _kept(given: Assignment, me: str | None) -> Iterator[tuple[str, ast.expr]]:
    """Yield "sending" and its value for `self.sending = …`, also of several at once."""
    for part in given.parts() if given.how == "assigned" else ():
        match part:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if owner == me:
                yield name, given.value


def _holds(attribute: str, value: ast.expr, name: str, me: str | None) -> bool:
    """Return whether *attribute* is what *name* stands for, or has it in a new object."""
    if name == f"{me}.{attribute}":
        return True
    parts = [value]
    if isinstance(value, ast.Call):
        parts = [*value.args, *(word.value for word in value.keywords)]
    return any(isinstance(part, ast.Name) and part.id == name for part in parts)


def _is_like(value: ast.expr, made: list[ast.expr]) -> bool:
    """Return whether *value* is one of *made*, or comes from a call of the same name."""
    return isinstance(value, ast.Call) and any(
        isinstance(one, ast.Call) and last(one.func) == last(value.func) for one in made
    )


def _closings(method: Function, attribute: str) -> Iterator[int]:
    """Yield the lines of *method* that close *attribute*."""
    for node, above in _mentions(method, attribute):
        parent = above[-1]
        if isinstance(parent, ast.withitem) or _is_ended(node, above):
            yield node.lineno


def _may_close(method: Function, attribute: str) -> bool:
    """Return whether *method* uses *attribute* otherwise than by a method that ends nothing."""
    return any(
        not isinstance(above[-1], ast.Attribute) or _is_ended(node, above)
        for node, above in _mentions(method, attribute)
    )


def _is_ended(node: ast.expr, above: tuple[ast.AST, ...]) -> bool:
    parent = above[-1]
    return isinstance(parent, ast.Attribute) and bindings.ends(parent.attr)


def _mentions(method: Function, attribute: str) -> Iterator[tuple[ast.expr, tuple[ast.AST, ...]]]:
    me = bindings.first_parameter(method)
    for node, above in nodes_with_parents(method, deep=True):
        match node:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) == (
                me,
                attribute,
            ):
                yield node, above
