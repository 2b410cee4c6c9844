"""What a cell left behind, as one section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from loopcheck.records import LoopRecord, Place, RegistryRecord, Stall, TaskGroup
from loopcheck.report.sections import Section


def section(
    *,
    loops: Sequence[LoopRecord],
    tasks: Sequence[tuple[int, TaskGroup]],
    registries: Sequence[RegistryRecord],
    coroutines: Sequence[tuple[str, Place | None]],
    stalls: Sequence[Stall],
) -> Section:
    """Return a line for each thing that exists now and did not before."""
    rows = [("open loop", str(loop), str(loop.made_at or "")) for loop in loops]
    for count, group in tasks:
        waits = (
            f"{group.coroutine} waits at {group.waits_at}" if group.waits_at else group.coroutine
        )
        what = f"{count} times {waits}" if count > 1 else waits
        rows.append(("pending task", f"{what}, on {group.loop}", str(group.made_at or "")))
    rows += [(one.kind, one.name, str(one.made_at or "")) for one in registries]
    for (name, place), count in Counter(coroutines).items():
        what = f"{count} times {name}" if count > 1 else name
        rows.append(("never awaited", what, str(place or "")))
    for stall in stalls:
        held = f"{stall.loop} for {stall.seconds:.1f} s"
        what = f"{held}, in {stall.call}" if stall.call else held
        rows.append(("blocked", what, str(stall.place or "")))
    return Section(
        title="left behind by this cell",
        columns=("what", "name", "at"),
        rows=tuple(rows),
        note=""
        if rows
        else "nothing: no loop, task, registry entry or coroutine, and no loop was blocked",
    )
