"""What a dotted name stands for, among names that are given. Nothing is run."""

import ast
import types
from typing import Any

from loopcheck.facts.probes import objects

UNKNOWN = object()


def of(node: ast.expr, scope: Any) -> object:
    """Return what *node* stands for, as far as that can be read without running anything."""
    if isinstance(node, ast.Name):
        return scope.get(node.id)
    if isinstance(node, ast.Attribute):
        return attribute(of(node.value, scope), node.attr)
    return UNKNOWN


def attribute(thing: object, name: str) -> object:
    """Return the attribute *name* of *thing* if it keeps it, or its class has a function of it."""
    if thing is UNKNOWN or thing is None:
        return UNKNOWN
    if objects.is_mock(thing):
        children = objects.peek(thing, "_mock_children")
        return dict.get(children, name, UNKNOWN) if type(children) is dict else UNKNOWN
    if objects.is_module(thing):
        return vars(thing).get(name, UNKNOWN)
    found = objects.peek(thing, name)
    if found is not None:
        return found
    for kind in objects.mro(type(thing)):
        value = objects.class_dict(kind).get(name, UNKNOWN)
        if type(value) is types.FunctionType:
            return types.MethodType(value, thing)
        if value is not UNKNOWN:
            return UNKNOWN if objects.is_a(value, property) else value
    return UNKNOWN
