"""What an expression of the user's stands for, in a frame that is still there. Nothing is run."""

from __future__ import annotations

import ast
import builtins
from types import FrameType

from loopcheck.process import objects

NOTHING = object()  # None is an answer, too
KEPT = (dict, list, tuple)


def value(node: ast.expr | None, frame: FrameType) -> object:
    """Return what *node* stands for in *frame*, NOTHING where code of the user's would decide."""
    match node:
        case ast.Constant(value=constant):
            return constant
        case ast.Name(id=name):
            for space in (frame.f_locals, frame.f_globals, vars(builtins)):
                if name in space:
                    return space[name]
        case ast.Attribute(value=owner, attr=name):
            return attribute(value(owner, frame), name)
        case ast.Subscript(value=owner, slice=ast.Constant(value=key)):
            return part(value(owner, frame), key)
        case ast.Await(value=inner) | ast.NamedExpr(target=inner):
            return value(inner, frame)
    return NOTHING


def attribute(owner: object, name: str) -> object:
    """Return the attribute *name* of *owner*, NOTHING where it has none, or code would tell."""
    if owner is NOTHING:
        return NOTHING
    found = objects.attribute(owner, name)
    if found is not objects.ABSENT and found is not objects.UNKNOWN:
        return found
    if name == "value":  # of pytest's ExceptionInfo
        caught = objects.peek(owner, "_excinfo")
        return caught[1] if type(caught) is tuple and len(caught) == 3 else NOTHING
    return NOTHING


def part(owner: object, key: object) -> object:
    """Return the part of a plain container at *key*."""
    if type(owner) not in KEPT or type(key) not in (str, int, bytes):
        return NOTHING
    try:
        return owner[key]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return NOTHING


def named(node: ast.expr | None, space: dict[str, object]) -> object:
    """Return what a dotted name means in a module's *space*."""
    match node:
        case ast.Name(id=name):
            return space.get(name)
        case ast.Attribute(value=owner, attr=name):
            return attribute(named(owner, space), name)
    return None
