"""Asynchronous generators left half-way: noted as the loop is told of their end, or closes them.

A running loop sets the interpreter's hooks itself. Those are left alone: what is wrapped are the
loop's two methods that they, and the end of a runner, call.
"""

import asyncio
import weakref
from collections import deque
from dataclasses import dataclass
from types import AsyncGeneratorType
from typing import Any, Literal

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import source
from loopcheck.facts.records import LeftGenerator, Place
from loopcheck.facts.watch.hooks import Hook

KEPT = 500

How = Literal["collected", "kept", "late"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept: strings, a number, and a weak reference to the loop."""

    name: str
    line: tuple[str, int, str]  # file, line, function
    how: How
    loop: weakref.ref[asyncio.AbstractEventLoop]


_left: deque[Entry] = deque(maxlen=KEPT)


def left(labels: Labels) -> tuple[LeftGenerator, ...]:
    """Return the generators that were left half-way since the first install, oldest first."""
    return tuple(_record(entry, labels) for entry in list(_left))


def clear() -> None:
    """Forget what was seen so far."""
    _left.clear()


def _record(entry: Entry, labels: Labels) -> LeftGenerator:
    loop = entry.loop()
    file, line, name = entry.line
    return LeftGenerator(
        name=entry.name,
        place=Place(labels.file(file), line, name),
        how=entry.how,
        loop=labels.of("loop", loop) if loop is not None else None,
        owner=source.owner(file),
    )


def _collected(loop: asyncio.AbstractEventLoop, generator: object) -> None:
    """Note *generator*: nobody refers to it any more, and it has not come to its end."""
    _note(loop, generator, "late" if loop.is_closed() else "collected")


def _closing(loop: asyncio.AbstractEventLoop) -> None:
    """Note the generators that somebody still holds as *loop* comes to its end."""
    for generator in list(getattr(loop, "_asyncgens", ())):
        _note(loop, generator, "kept")


def _note(loop: asyncio.AbstractEventLoop, generator: Any, how: How) -> None:
    if type(generator) is not AsyncGeneratorType or generator.ag_frame is None:
        return
    code, line = generator.ag_code, generator.ag_frame.f_lineno
    where = (code.co_filename, line or code.co_firstlineno, code.co_name)
    _left.append(Entry(code.co_qualname, where, how, weakref.ref(loop)))


install = Hook(
    asyncio.BaseEventLoop,
    clear,
    _asyncgen_finalizer_hook=_collected,
    shutdown_asyncgens=_closing,
).install
