"""A property that only returns another attribute: `return self.client.transport` runs no code.

We read that attribute in its place. So we do for `[]` that only reads another container.
"""

from __future__ import annotations

import ast
import enum
from functools import lru_cache
from types import CodeType, FunctionType

from loopcheck.process import objects, parameters
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import parsed_files
from loopcheck.source.nodes import is_text
from loopcheck.source.values import getattr_fallbacks, meaning

DEEPEST = 5  # properties that return each other's values
# Python's own way, which some Pythons repeat in built-in classes: `class State(str, Enum)`.
_PLAIN_READERS = [
    kind.__getattribute__ for kind in (object, str, bytes, int, float, tuple, list, dict)
]
_OF_MEMBERS = [vars(enum.Enum)[name] for name in ("name", "value")]


def attribute(of: object, name: str) -> object:
    """Return the attribute of *of*, also if a property only returns another one."""
    return _attribute(of, name, DEEPEST)


def _attribute(of: object, name: str, deep: int) -> object:
    found = getattr_fallbacks.attribute(of, name)
    if found is not UNKNOWN or not deep:
        return found
    kind = type(of)
    reader = objects.class_attribute(kind, "__getattribute__")
    plain = any(reader is one for one in _PLAIN_READERS)
    by_class = objects.class_attribute(kind, name) if plain else None
    if any(by_class is one for one in _OF_MEMBERS) and objects.is_a(of, enum.Enum):
        return objects.peek(of, f"_{name}_")
    getter = by_class.fget if type(by_class) is property else None
    if type(getter) is not FunctionType or (returned := _returned(getter.__code__)) is None:
        return UNKNOWN
    own = {getter.__code__.co_varnames[0]: of}
    found = meaning.of(returned, own, attribute=lambda one, part: _attribute(one, part, deep - 1))
    return found if meaning.known(found) else UNKNOWN


def part(of: object, key: object) -> object:
    """Return `of[key]`, also if its class only reads an entry of another: `self._state[key]`."""
    found = meaning.part(of, key)
    getter = objects.class_attribute(type(of), "__getitem__") if found is UNKNOWN else None
    if type(getter) is not FunctionType or (many := _holder(getter.__code__)) is None:
        return found
    own = {getter.__code__.co_varnames[0]: of}
    container = meaning.of(many, own, attribute=attribute)
    return meaning.part(container, key) if meaning.known(container) else UNKNOWN


@lru_cache(256)
def _holder(code: CodeType) -> ast.Attribute | None:
    """Return `self._state` if *code* does nothing but return `self._state[key]`."""
    match _steps(code):
        case [
            ast.Return(
                value=ast.Subscript(
                    value=ast.Attribute(value=ast.Name(id=own)) as many, slice=ast.Name(id=key)
                )
            )
        ] if parameters.positional(code) == (own, key):
            return many
    return None


def _steps(code: CodeType) -> list[ast.stmt]:
    block = parsed_files.function_of(code)
    return [one for one in block.body if not is_text(one)] if block is not None else []


@lru_cache(256)
def _returned(code: CodeType) -> ast.Attribute | None:
    """Return `self.client.transport` if *code* does nothing but return that."""
    match _steps(code):
        case [ast.Return(value=ast.Attribute() as value)]:
            part: ast.expr = value
            while isinstance(part, ast.Attribute):
                part = part.value
            own = isinstance(part, ast.Name) and parameters.positional(code) == (part.id,)
            return value if own else None
    return None
