"""Connections to a server of this process whose loop is stopped: nothing reads what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from types import FunctionType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.queued_work import Loop
from loopcheck.process.waiting import loop_inputs
from loopcheck.runner import fixtures
from loopcheck.source import project_files


@dataclass(frozen=True, eq=False)
class Unheard:
    """A connection of the running loop, and its other end. Lives only while a look runs."""

    fd: int
    handle: Any  # called when data arrives
    loop: Loop  # the server's
    serves: Any  # what the server's loop would call


def connections(here: Loop, item: Any) -> Iterator[Unheard]:
    """Yield the connections of *here* to stopped loops that *item* can see."""
    calls = list(_calls(here)) if item is not None else []
    others = list(_standing(here, item)) if calls else []
    ends = [
        (loop, loop_inputs.ends_of(key.fd), key)
        for loop in others
        for key in loop_inputs.watched(loop)
    ]
    for key, (name, peer) in calls:
        for loop, theirs, other in ends:
            if theirs is None or (theirs != (peer, name) and theirs != (peer, None)):
                continue
            handles = [handle for handle in other.data if handle is not None]
            if handles and not loop_inputs.unread(key.fd):
                yield Unheard(key.fd, key.data[0], loop, handles[0])
                break


def _calls(here: Loop) -> Iterator[tuple[Any, loop_inputs.Ends]]:
    for key in loop_inputs.watched(here):
        ends = loop_inputs.ends_of(key.fd)
        if ends is not None and ends[1] is not None and key.data[0] is not None:
            yield key, ends


def _standing(here: Loop, item: Any) -> Iterator[Loop]:
    runs = [here, *(run.loop for run in live_loops.running())]
    for loop in fixtures.runners(item).values():
        if not objects.closed(loop) and not any(loop is one for one in runs):
            yield loop


def name_of(handle: Any) -> str:
    """Return the user function that handles a server's connections, else the protocol's name."""
    made = next(iter(objects.peek(handle, "_args") or ()), None)  # type: ignore[call-overload]
    if type(made) is FunctionType:
        called = objects.closed_over(made).get("client_connected_cb", made)
        if (
            type(called) is FunctionType
            and project_files.owner(called.__code__.co_filename) == "user"
        ):
            return called.__qualname__
    return "Server"
