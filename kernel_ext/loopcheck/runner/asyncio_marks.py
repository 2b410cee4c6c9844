"""The asyncio mark of a test function itself, which wins over marks and settings around it."""

from __future__ import annotations

import ast
from typing import Any

from loopcheck.labels import Labels
from loopcheck.records import OwnMark, Place
from loopcheck.runner import loop_scopes
from loopcheck.source import parsed_files, project_files, user_code

NAME = "asyncio"


def read(item: Any, labels: Labels) -> OwnMark | None:
    """Return the only asyncio mark of *item* itself, None if it has none or several."""
    own = [mark for mark in getattr(item, "own_markers", ()) if mark.name == NAME]
    place = place_of(item, labels, NAME) if len(own) == 1 else None
    if place is None:
        return None
    around = next((m for n, m in item.iter_markers_with_node(NAME) if n is not item), None)
    instead = (loop_scopes.said(around) if around is not None else None) or loop_scopes.of_settings(
        item
    )
    return OwnMark(place=place, scope=loop_scopes.said(own[0]), instead=instead)


def place_of(item: Any, labels: Labels, name: str) -> Place | None:
    """Return the line of the mark *name*, if a decorator sets it: parameters and hooks may, too."""
    code = user_code.test(item)
    if code is None or project_files.owner(code.co_filename) != "user":
        return None
    block = parsed_files.function_of(code)
    for one in block.decorator_list if block is not None else ():
        called = one.func if isinstance(one, ast.Call) else one
        if isinstance(called, ast.Attribute) and called.attr == name:
            return Place(labels.file(code.co_filename), one.lineno, code.co_name)
    return None


def module_place_of(item: Any, labels: Labels, name: str) -> Place | None:
    """Return the line of `pytestmark` in the module of *item*, if its mark *name* is from there."""
    code = user_code.test(item)
    nodes = [node for node, _ in item.iter_markers_with_node(name) if node is not item]
    if code is None or not any(type(node).__name__ == "Module" for node in nodes):
        return None
    module = parsed_files.tree(code.co_filename)
    line = parsed_files.assigned(module, "pytestmark") if module is not None else None
    return Place(labels.file(code.co_filename), line, "pytestmark") if line is not None else None
