"""The last answers in bytes that the clients of stores got in the running test."""

from __future__ import annotations

import weakref
from collections import deque
from typing import Any, NamedTuple

from loopcheck.watch.loops import LEDGER

MOST = 20  # answers to remember
LONGEST = 200  # bytes of one


class Answer(NamedTuple):
    """What a command returned, and the pool of its client."""

    moment: int  # the number of the test
    pool: weakref.ref[Any]
    name: str  # "HGET"
    value: bytes


_kept: deque[Answer] = deque(maxlen=MOST)


def note(pool: object, name: str, answer: object) -> None:
    """Record an *answer* in bytes: of other answers we know nothing here."""
    if type(answer) is bytes and len(answer) <= LONGEST and pool is not None:
        _kept.append(Answer(LEDGER.moment, weakref.ref(pool), name, answer))


def latest(pool: object, name: str) -> bytes | None:
    """Return the last answer of this test to the command *name* by a client of *pool*."""
    mine = (one for one in reversed(_kept) if one.moment == LEDGER.moment and one.name == name)
    return next((one.value for one in mine if one.pool() is pool), None)


clear = _kept.clear
