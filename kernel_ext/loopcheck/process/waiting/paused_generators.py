"""Async generators that are suspended at a `yield`, and hold a lock meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.loops.queued_work import Loop
from loopcheck.process.pending import abandoned_generators
from loopcheck.process.waiting import await_chain, taken_locks, waits
from loopcheck.records import Holder, Place
from loopcheck.source import modules, user_code

MOST = 50  # generators to look into


def holders(thing: object, loop: Loop, item: Any, labels: Labels) -> Iterator[Holder]:
    """Yield the generators of *loop* that acquired *thing*, if the line that left them is known."""
    test = user_code.test(item)
    own = test.co_name if test is not None else None
    kept = cast("Any", objects.peek(loop, "_asyncgens")) or ()
    for one in list(kept)[:MOST]:
        frame = one.ag_frame
        if frame is None or one.ag_running or one.ag_await is not None:
            continue
        code, took = frame.f_code, taken_locks.at(frame, thing)
        if took is None or await_chain.owner(code) != "user":
            continue
        files = {file for space in modules.spaces() for file in space.files()}
        left = abandoned_generators.by_hand(code.co_name, files, own, None)
        if left is not None:
            yield Holder(
                coroutine=await_chain.short(code.co_qualname),
                place=Place(labels.file(code.co_filename), took, code.co_name),
                waits_at=waits.place(frame, labels),
                left_at=Place(labels.file(left.file), left.line, left.function),
            )
