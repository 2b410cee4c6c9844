"""What a dotted name stands for, among names that are given. Nothing is run."""

from __future__ import annotations

import ast
from typing import Any

from loopcheck.process import objects

UNKNOWN = object()


def of(node: ast.expr, scope: Any) -> object:
    """Return what *node* stands for, as far as that can be read without running anything."""
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Attribute):
        return attribute(of(node.value, scope), node.attr)
    return UNKNOWN


def attribute(thing: object, name: str) -> object:
    """Return the attribute *name* of *thing*, UNKNOWN where it has none, or code would tell."""
    if thing is UNKNOWN:
        return UNKNOWN
    found = objects.attribute(thing, name)
    return UNKNOWN if found is objects.ABSENT or found is objects.UNKNOWN else found
