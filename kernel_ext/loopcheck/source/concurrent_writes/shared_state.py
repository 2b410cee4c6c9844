"""What an expression reads, or a target names, that two tasks may share: attributes, items, names.

The keys are those of `source.effects`, so that what an assertion reads can be compared with them.
"""

from __future__ import annotations

import ast
import sys
from collections import deque
from collections.abc import Iterator
from types import CodeType

from loopcheck.process import objects
from loopcheck.source.effects import Key
from loopcheck.source.values import callees, made_objects, meaning
from loopcheck.source.values.callees import Env

CONTAINERS = (list, dict, set, deque)
PLAIN = (str, int, bytes)
GETS = frozenset({"get", "pop", "setdefault"})
FILLS = frozenset({"add", "append", "appendleft", "discard", "remove", "setdefault", "pop"})
READS_ONLY = frozenset({"get", "keys", "values", "items", "count", "index", "copy"})
# Methods of a library's client whose first argument names what they write.
STORES = ("set", "put", "hset", "write", "save", "update")


def named_at(node: ast.AST, env: Env, code: CodeType) -> Iterator[tuple[Key, object]]:
    """Yield what a name, an attribute or an item refers to: the key, and the object in it.

    An item of an unknown key has none: two tasks may well use two keys.
    """
    match node:
        case ast.Name(id=name) if name in code.co_freevars or name in code.co_cellvars:
            outer = code.co_qualname
            if name in code.co_cellvars:
                yield ("local", code.co_filename, outer, name), None
            while "." in outer:
                outer = outer.rpartition(".")[0].removesuffix(".<locals>")
                yield ("local", code.co_filename, outer, name), None
        case ast.Name(id=name) if name not in code.co_varnames:
            module = env.get("__name__")
            yield ("global", id(module), name), module
            if type(module) is str and (loaded := sys.modules.get(module)) is not None:
                yield ("attribute", id(loaded), name), loaded
        case ast.Attribute(value=value, attr=name):
            of = callees.held(value, env)
            if meaning.known(of):
                yield ("attribute", id(of), name), of
        case ast.Subscript(value=value, slice=key):
            yield from item(callees.held(value, env), callees.value(key, env))


def item(of: object, key: object) -> Iterator[tuple[Key, object]]:
    """Yield the item *key* of a container, if the key is plain."""
    if is_container(of) and any(type(key) is kind for kind in PLAIN):
        yield ("item", id(of), key), of


def whole(thing: object) -> Iterator[tuple[Key, object]]:
    """Yield a container as such: of `len(seats)` all that is in it counts."""
    if is_container(thing) or objects.is_mock(thing):
        yield ("thing", id(thing)), thing


def is_container(thing: object) -> bool:
    """Return whether *thing* holds others, and changes in place."""
    kinds = objects.mro(made_objects.kind_of(thing))
    return any(one is kind for one in kinds for kind in CONTAINERS)


def matches(asked: Key, changed: Key) -> bool:
    """Return whether a change of *changed* is a change of what an assertion reads as *asked*."""
    if asked[0] == "thing" and changed[0] in ("item", "thing"):
        return asked[1] == changed[1]
    return asked == changed
