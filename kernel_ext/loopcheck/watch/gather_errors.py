"""Errors that `gather(return_exceptions=True)` returned among its results.

Asyncio takes them for read, whatever becomes of the list. A gather without errors pays for one look
at the types of its results.
"""

from __future__ import annotations

from asyncio import tasks
from collections import deque
from collections.abc import Iterator
from itertools import islice
from types import CodeType
from typing import Any

from loopcheck.labels import plain
from loopcheck.process import futures, objects
from loopcheck.process.frames import first_argument, is_users, line_at, module_of
from loopcheck.watch.hooks import Hook
from loopcheck.watch.loops import LEDGER

KEPT = 20
EACH = 5  # errors of one gather
DEEPEST = 100  # lines of a traceback to follow
LONGEST = 200  # characters of a message

Line = tuple[CodeType, int]
Raised = tuple[CodeType, int, int]  # the last is the id of the first argument, in a method `self`


class Entry:
    """The stored facts: code, strings and numbers."""

    __slots__ = ("awaited", "kinds", "moment", "raised", "said")

    def __init__(
        self,
        kinds: tuple[str, ...],  # the names of its class and of those that it inherits from
        said: str,
        raised: tuple[Raised, ...],  # the user's lines in its traceback, outermost first
        awaited: tuple[Line, ...],  # the user's lines that wait for the results, innermost first
    ) -> None:
        self.kinds, self.said, self.raised, self.awaited = kinds, said, raised, awaited
        self.moment = LEDGER.moment

    @property
    def type(self) -> str:
        return self.kinds[0]


kept: deque[Entry] = deque(maxlen=KEPT)


def in_this_test() -> list[Entry]:
    """Return the errors that a gather returned since the running test began."""
    return [one for one in kept if one.moment == LEDGER.moment]


def _note(gathering: Any, results: object) -> None:
    if type(results) is not list:
        return
    errors = (one for one in results if issubclass(type(one), Exception))
    for error in islice(errors, EACH):
        raised = tuple(_lines(error))
        if raised:
            said = plain(objects.all_said(error)[:LONGEST])
            kinds = tuple(map(objects.class_name, objects.mro(type(error))))
            kept.append(Entry(kinds, said, raised, tuple(_waiting(gathering))))


def _lines(error: object) -> list[Raised]:
    """Return the lines of user code in the traceback of *error*, outermost first."""
    found = []
    trace = objects.trace_of(error)
    for _ in range(DEEPEST):
        if trace is None:
            break
        if is_users(frame := trace.tb_frame):
            found.append((frame.f_code, trace.tb_lineno, id(first_argument(frame))))
        trace = trace.tb_next
    return found


def _waiting(gathering: object) -> Iterator[Line]:
    """Yield the user's lines that wait for the results, as long as no library is between."""
    from loopcheck.process.waiting import await_chain, parent_tasks  # late: most gather no error

    task = parent_tasks.waiting_for(gathering)
    for frame in reversed(await_chain.frames(futures.coroutine(task)) if task is not None else []):
        if is_users(frame):
            yield frame.f_code, line_at(frame)
        elif not module_of(frame).startswith("asyncio."):
            return  # a library, which may read the results


install = Hook(tasks._GatheringFuture, kept.clear, set_result=_note).install  # type: ignore[attr-defined]
