"""Tasks that the lines of a failed test have names for: what they raised may still be asked."""

import asyncio

from loopcheck.facts.probes import failing, objects

MOST = 100  # of one list


def ids(error: BaseException) -> frozenset[int]:
    """Return the ids of the tasks and futures in the locals of the failing lines, also in lists."""
    found = set()
    for step in failing.users_of(failing.trace_of(error)):
        values = [*step.tb_frame.f_locals.values()]
        values += [part for one in values for part in _parts(one)]
        found |= {id(one) for one in values if objects.is_a(one, asyncio.Future)}
    return frozenset(found)


def _parts(value: object) -> list[object]:
    if type(value) is dict:
        value = list(value.values())
    return list(value)[:MOST] if type(value) in (list, tuple, set) else []  # type: ignore[call-overload]
