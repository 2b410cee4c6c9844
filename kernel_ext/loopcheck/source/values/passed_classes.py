"""The line that passes a class to what makes its instances: `field(default_factory=Client)`.

A dataclass, a `defaultdict` or a `partial` calls the class later, on a line that doesn't name it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from loopcheck.source import bindings, calls, modules, parsed_files
from loopcheck.source.assignments import assignments_of
from loopcheck.source.nodes import calls_in, nodes_run_by

Line = tuple[str, int]


def find(
    line: Line, kind: str, attribute: str | None, makes: Callable[[ast.AST], bool]
) -> Line | None:
    """Return the only line that passes the class *kind* to what *line* calls, or reads a part of.

    None if *line* itself *makes* the instance. *attribute* keeps it, if that is known.
    """
    standing = [*parsed_files.standing_at(*line)]
    if any(makes(one) or (isinstance(one, ast.Call) and _is(one.func, kind)) for one in standing):
        return None
    names = {calls.last(one.func) for one in standing if isinstance(one, ast.Call)}
    names |= {calls.last(one.value) for one in standing if isinstance(one, ast.Subscript)}
    around = parsed_files.enclosing(*line)[:1]
    taken = [one.name for one in around if names & bindings.parameters(one)]
    found = set()
    for file in dict.fromkeys((line[0], *modules.files())):
        tree = parsed_files.tree_with(file, kind)
        for target, node in _passed(tree, kind, names, taken) if tree is not None else ():
            found.add((target == attribute, file, node.lineno))
    kept = {one for one in found if one[0]} or found
    return kept.pop()[1:] if len(kept) == 1 else None


def _passed(
    tree: ast.Module, kind: str, names: set[str | None], taken: list[str]
) -> Iterator[tuple[str | None, ast.expr]]:
    """Yield where the class is an argument or a part, each with the name that this is assigned."""
    for node in parsed_files.statements(tree):
        if isinstance(node, ast.ClassDef):
            for step in node.body if node.name in names else ():
                yield from _assigned(step, kind, None)
        else:
            yield from _assigned(node, kind, names)
    for call in calls_in(tree) if taken else ():
        if calls.last(call.func) in taken:
            yield from ((None, one) for one in _arguments(call) if _is(one, kind))


def _assigned(
    step: ast.AST, kind: str, names: set[str | None] | None
) -> Iterator[tuple[str | None, ast.expr]]:
    for one in assignments_of(step):
        target = calls.last(one.target)
        if names is None or target in names:
            yield from ((target, part) for part in _parts(one.value, kind))


def _parts(value: ast.expr, kind: str) -> Iterator[ast.expr]:
    """Yield where *value* has the class as an argument of a call, or in a literal."""
    for node in nodes_run_by([value]):
        match node:
            case ast.Call():
                yield from (one for one in _arguments(node) if _is(one, kind))
            case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                yield from (one for one in values if _is(one, kind))


def _arguments(call: ast.Call) -> list[ast.expr]:
    return [*call.args, *(one.value for one in call.keywords if one.arg not in ("spec", "wraps"))]


def _is(node: ast.expr, kind: str) -> bool:
    return isinstance(node, ast.Name | ast.Attribute) and calls.last(node) == kind
