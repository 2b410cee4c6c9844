"""Instances of a class, found on the whole heap through the class that they refer to.

We never use `gc.get_objects()`: its list also holds tuples that another thread is still filling,
and that thread's `tuple(…)` then fails with SystemError (seen on 3.13 with four looks at once).
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator


def instances(kinds: Iterable[type]) -> list[object]:
    """Return the instances of *kinds*, subclasses too. They must be classes written in Python."""
    family = {id(kind): kind for one in kinds for kind in _family(one)}
    if not family:
        return []
    return [thing for thing in gc.get_referrers(*family.values()) if id(type(thing)) in family]


def _family(kind: type) -> Iterator[type]:
    yield kind
    children: list[type] = type.__subclasses__(kind)
    for child in children:
        yield from _family(child)
