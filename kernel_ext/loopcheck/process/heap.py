"""Instances of a class, and wrappers of a function, found on the whole heap by what they refer to.

We never use `gc.get_objects()`: its list also holds tuples that another thread is still filling,
and that thread's `tuple(…)` then fails with SystemError (seen on 3.13 with four looks at once).
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from types import CellType, CodeType, FunctionType, MethodType

WRAPPED = "__wrapped__"


def instances(kinds: Iterable[type]) -> list[object]:
    """Return the instances of *kinds*, subclasses too. They must be classes written in Python."""
    family = {id(kind): kind for one in kinds for kind in _family(one)}
    if not family:
        return []
    return [thing for thing in gc.get_referrers(*family.values()) if id(type(thing)) in family]


def wrappers(code: CodeType) -> list[FunctionType]:
    """Return the functions that `functools.wraps` has put around one of *code*, or its methods."""
    wrapped: list[object] = [
        one for one in gc.get_referrers(code) if type(one) is FunctionType and one.__code__ is code
    ]
    bound = gc.get_referrers(*wrapped) if wrapped else []
    wrapped += [one for one in bound if type(one) is MethodType and one.__func__ in wrapped]
    known = {id(one) for one in wrapped}
    holders = gc.get_referrers(*wrapped) if wrapped else []
    noted = [one for one in holders if type(one) is dict and id(one.get(WRAPPED)) in known]
    around = gc.get_referrers(*noted) if noted else []
    return [
        one for one in around if type(one) is FunctionType and id(vars(one).get(WRAPPED)) in known
    ]


def closing_over(thing: object, most: int) -> list[FunctionType]:
    """Return the functions that have *thing* in a variable of their closures."""
    cells = [one for one in gc.get_referrers(thing) if type(one) is CellType][:most]
    rows = [one for one in gc.get_referrers(*cells) if type(one) is tuple] if cells else []
    return [one for one in gc.get_referrers(*rows) if type(one) is FunctionType] if rows else []


def keeping(thing: object, most: int) -> list[object]:
    """Return the objects that have *thing* in an attribute, and what else refers to it."""
    holders = gc.get_referrers(thing)
    spaces = [one for one in holders if type(one) is dict][:most]
    return [*holders, *(gc.get_referrers(*spaces) if spaces else [])]


def _family(kind: type) -> Iterator[type]:
    yield kind
    children: list[type] = type.__subclasses__(kind)
    for child in children:
        yield from _family(child)
