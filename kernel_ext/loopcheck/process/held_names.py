"""Objects that the lines of a failed test have names for: lines that did not run may use them."""

from __future__ import annotations

import weakref
from itertools import chain, dropwhile, islice
from typing import Any

from loopcheck.process import futures, objects
from loopcheck.process.frames import owner_of
from loopcheck.process.pending import held_coroutines
from loopcheck.source import failing_line, later_reads

MOST = 100  # items of one list
Coroutines = dict[int, weakref.ref[Any]]  # by id


def ids(error: BaseException) -> frozenset[int]:
    """Return the ids of the tasks and futures in the locals of the failing lines, also in lists."""
    found = set()
    for step in failing_line.users_of(failing_line.trace_of(error)):
        values = [*step.tb_frame.f_locals.values()]
        values += [part for one in values for part in _parts(one)]
        found |= {id(one) for one in values if futures.is_future(one)}
    return frozenset(found)


def readable_ids(error: BaseException) -> frozenset[int]:
    """Return those of them that the rest of the failing functions may still read."""
    found = set()
    for step in failing_line.users_of(failing_line.trace_of(error)):
        read = later_reads.names(step.tb_frame.f_code, step.tb_lasti)
        values = [one for name, one in step.tb_frame.f_locals.items() if name in read]
        values += [part for one in values for part in _parts(one)]
        found |= {id(one) for one in values if futures.is_future(one)}
    return frozenset(found)


def kept_ids(error: BaseException) -> frozenset[int]:
    """Return the ids of the tasks and futures that objects in those locals keep."""
    found = set()
    for step in failing_line.users_of(failing_line.trace_of(error)):
        values = step.tb_frame.f_locals.values()
        parts = (part for one in values for _, part in islice(objects.steps(one), MOST))
        found |= {id(one) for one in parts if futures.is_future(one)}
    return frozenset(found)


def coroutines(error: BaseException) -> Coroutines:
    """Return the coroutines that the failing lines, and library code below them, can reach.

    Only new ones: a coroutine that has begun ends without a warning. Another object then gets its
    id, and we might report that one.
    """
    trace = failing_line.trace_of(error)
    below = dropwhile(lambda step: owner_of(step.tb_frame) != "user", trace)
    frames = [step.tb_frame for step in below]
    found = chain.from_iterable(
        held_coroutines.find(frames, of_mocks=of_mocks) for of_mocks in (False, True)
    )
    return {id(one): weakref.ref(one) for one in found}


def _parts(value: object) -> list[object]:
    if type(value) is dict:
        value = list(value.values())
    return list(value)[:MOST] if type(value) in (list, tuple, set) else []  # type: ignore[call-overload]
