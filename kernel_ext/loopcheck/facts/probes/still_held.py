"""Tasks that the lines of a failed test have names for: what they raised may still be asked."""

import asyncio

from loopcheck.facts.probes import objects, source

MOST = 100  # of one list


def ids(error: BaseException) -> frozenset[int]:
    """Return the ids of the tasks and futures in the locals of the failing lines, also in lists."""
    found = set()
    trace = BaseException.__dict__["__traceback__"].__get__(error)
    while trace is not None:
        if source.owner(trace.tb_frame.f_code.co_filename) == "user":
            values = [*trace.tb_frame.f_locals.values()]
            values += [part for one in values for part in _parts(one)]
            found |= {id(one) for one in values if objects.is_a(one, asyncio.Future)}
        trace = trace.tb_next
    return frozenset(found)


def _parts(value: object) -> list[object]:
    if type(value) is dict:
        value = list(value.values())
    return list(value)[:MOST] if type(value) in (list, tuple, set) else []  # type: ignore[call-overload]
