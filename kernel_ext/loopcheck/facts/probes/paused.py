"""Async generators that stand half-way at a `yield`, and have a lock meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import (
    awaits,
    code_of,
    generators,
    objects,
    spaces,
    taken,
    waits,
)
from loopcheck.facts.probes.queued import Loop
from loopcheck.facts.records import Holder, Place

MOST = 50  # generators that are looked into


def holders(thing: object, loop: Loop, item: Any, labels: Labels) -> Iterator[Holder]:
    """Yield the generators of *loop* that took *thing*, where it is seen who left them."""
    test = code_of.test(item)
    own = test.co_name if test is not None else None
    kept = cast("Any", objects.peek(loop, "_asyncgens")) or ()
    for one in list(kept)[:MOST]:
        frame = one.ag_frame
        if frame is None or one.ag_running or one.ag_await is not None:
            continue
        code, took = frame.f_code, taken.at(frame, thing)
        if took is None or awaits.owner(code) != "user":
            continue
        files = {file for space in spaces.spaces() for file in space.files()}
        left = generators.by_hand(code.co_name, files, own, None)
        if left is not None:
            yield Holder(
                coroutine=awaits.short(code.co_qualname),
                place=Place(labels.file(code.co_filename), took, code.co_name),
                waits_at=waits.place(frame, labels),
                left_at=Place(labels.file(left.file), left.line, left.function),
            )
