"""Async generators left half-way: recorded when the loop finalizes or closes them.

A running loop sets the interpreter's hooks itself. We leave those alone, and wrap the two methods
of the loop that the hooks, and a runner at its end, call.
"""

from __future__ import annotations

import asyncio
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from functools import wraps
from itertools import count
from types import AsyncGeneratorType, CodeType
from typing import Any, Literal

from loopcheck.process import objects
from loopcheck.watch import faults
from loopcheck.watch.hooks import Counted, Undo, hooked, placed, step_aside, together
from loopcheck.watch.loops import LEDGER

KEPT = 500
DEEPEST = 10  # generators that iterate each other
OWN = 4  # frames of ours: _dropped, _note, _collected, and the hook's

How = Literal["collected", "kept", "late"]


class Entry:
    """The stored facts: code objects, numbers, and weak references."""

    __slots__ = (
        *("code", "cut_short", "dropped", "generator", "how", "line", "loop"),
        *("moment", "serial"),
    )

    def __init__(
        self,
        generator: AsyncGeneratorType[Any, Any],
        loop: asyncio.AbstractEventLoop,
        how: How,
        dropped: tuple[CodeType, int] | None,
        *,
        lives: bool = True,
    ) -> None:
        self.code, self.how = generator.ag_code, how
        frame = generator.ag_frame
        # The line of the `yield` at which it is suspended.
        self.line = (frame.f_lineno if frame is not None else None) or self.code.co_firstlineno
        self.loop = weakref.ref(loop)
        # Python clears the weak references to a generator before it calls the hook, and never again
        # if nothing refers to it then: a new one would point into memory of something else.
        self.generator: Callable[[], Any] = weakref.ref(generator) if lives else _gone
        self.dropped = dropped  # the line that dropped it, if a line did
        self.moment = LEDGER.moment  # number of tests begun
        self.serial = next(_serial)  # continues counting after `clear`
        self.cut_short = False  # its clean-up had not ended when its loop began to close

    def half_way(self) -> bool:
        """Return whether its clean-up has not started yet, or not ended."""
        generator = self.generator()
        return generator is not None and generator.ag_frame is not None


def _gone() -> None:
    return None


kept: deque[Entry] = deque(maxlen=KEPT)
_serial = count(1)


def since(serial: int) -> list[Entry]:
    """Return those that were left after the entry of that number."""
    return [entry for entry in list(kept) if entry.serial > serial] if kept else []


def latest() -> int:
    """Return the number of the newest entry, 0 if there is none."""
    return kept[-1].serial if kept else 0


def before(entry: Entry) -> list[Entry]:
    """Return those that were left before *entry*."""
    return [other for other in list(kept) if other.serial < entry.serial]


def iterated_by(entry: Entry) -> list[Entry]:
    """Return those that *entry* iterates, and that those iterate: all are left with it."""
    loop, found = entry.loop(), [entry.generator()]
    if loop is None:
        return []
    for outer in found:  # it grows
        for one in objects.referents(outer):
            suspended = type(one) is AsyncGeneratorType and one.ag_frame is not None
            if suspended and len(found) < DEEPEST and not any(one is each for each in found):
                found.append(one)
    return [Entry(one, loop, entry.how, (entry.code, entry.line)) for one in found[1:]]


def clear() -> None:
    """Forget everything seen so far."""
    kept.clear()


def closing(loop: asyncio.AbstractEventLoop) -> None:
    """Record unfinished clean-ups when the remaining tasks of *loop* are being cancelled."""
    for entry in kept:
        if entry.loop() is loop and entry.half_way():
            entry.cut_short = True


def living(loops: Iterable[asyncio.AbstractEventLoop]) -> list[Entry]:
    """Return those of *loops* that are half-way, whatever resumes them; they are not kept alive."""
    return [
        Entry(one, loop, "kept", None)
        for loop in loops
        for one in list(getattr(loop, "_asyncgens", ()))
        if type(one) is AsyncGeneratorType and one.ag_frame is not None and not one.ag_running
    ]


def _collected(loop: asyncio.AbstractEventLoop, generator: object, *, lives: bool) -> None:
    """Record *generator*: nothing refers to it any more, and it has not run to its end.

    *lives*: it still exists because its loop will close it.
    """
    _note(loop, generator, "late" if loop.is_closed() else "collected", lives=lives)


def _closing(loop: asyncio.AbstractEventLoop) -> None:
    """Record the generators that something still refers to when *loop* ends."""
    there = getattr(loop, "_asyncgens", ())
    if not getattr(there, "data", there):  # iterating over a WeakSet costs most in its first step
        return
    for generator in list(there):
        _note(loop, generator, "kept")


def _note(loop: asyncio.AbstractEventLoop, generator: Any, how: How, *, lives: bool = True) -> None:
    if type(generator) is not AsyncGeneratorType or generator.ag_frame is None:
        return
    dropped = _dropped() if how == "collected" else None
    kept.append(Entry(generator, loop, how, dropped, lives=lives))


def _dropped() -> tuple[CodeType, int] | None:
    """Return the running line: it dropped the last reference, unless the collector did."""
    frame = sys._getframe(OWN)
    return frame.f_code, frame.f_lineno


def _finalizer() -> Undo:
    """Look at a generator after its loop has, and check whether the loop holds it now."""
    cls: Any = asyncio.BaseEventLoop
    theirs = cls._asyncgen_finalizer_hook
    active = True

    @wraps(theirs)
    def ours(self: asyncio.AbstractEventLoop, generator: object) -> None:
        before = sys.getrefcount(generator)
        try:
            theirs(self, generator)
        except BaseException as error:
            step_aside(error)
            raise
        finally:
            lives = sys.getrefcount(generator) > before
            if active:
                try:
                    _collected(self, generator, lives=lives)
                except Exception:  # our code must never break the user's loop
                    faults.note()

    restore = placed(cls, "_asyncgen_finalizer_hook", ours)

    def undo() -> None:
        nonlocal active
        active = False
        restore()

    return undo


def _hook() -> Undo:
    closing = hooked(asyncio.BaseEventLoop, "shutdown_asyncgens", _closing)
    return together(clear, closing, _finalizer())


install = Counted(_hook).install
