"""An attribute that `__getattr__` finds in a dict of the object: we read it from the dict.

A web application's `state` keeps all attributes in this way.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from types import CodeType, FunctionType

from loopcheck.process import objects, parameters
from loopcheck.source import parsed_files


def attribute(of: object, name: str) -> object:
    """Return the attribute of *of*, also if its `__getattr__` only reads it from a dict."""
    found = objects.attribute(of, name)
    return _kept(of, name) if found is objects.UNKNOWN else found


def _kept(of: object, name: str) -> object:
    kinds = [objects.class_dict(kind) for kind in objects.mro(type(of))]
    if any(name in kind for kind in kinds):
        return objects.UNKNOWN  # the class has it: Python does not call `__getattr__`
    getter = next((kind["__getattr__"] for kind in kinds if "__getattr__" in kind), None)
    store = _store(getter.__code__) if type(getter) is FunctionType else None
    found = objects.peek(of, store) if store is not None else None
    return found.get(name, objects.UNKNOWN) if type(found) is dict else objects.UNKNOWN


@lru_cache(256)
def _store(code: CodeType) -> str | None:
    """Return "_state" for `return self._state[name]`, if *code* is that of a `__getattr__`."""
    block = parsed_files.function_of(code)
    if block is None or code.co_argcount != 2:
        return None
    me, asked = parameters.positional(code)
    for node in ast.walk(block):
        match node:
            case ast.Return(
                value=ast.Subscript(
                    value=ast.Attribute(value=ast.Name(id=of), attr=store),
                    slice=ast.Name(id=key),
                )
            ) if (of, key) == (me, asked):
                return store
    return None
