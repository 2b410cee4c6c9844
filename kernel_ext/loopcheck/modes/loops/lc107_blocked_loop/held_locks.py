"""The words for a lock of threads that a task of the blocked loop holds."""

from __future__ import annotations

from loopcheck.modes.finding import Finding
from loopcheck.records import Holder, Stall, Subject


def finding(stall: Stall, holder: Holder, code: str, slug: str) -> Finding:
    """Name the line of a task that holds a lock of threads while it awaits."""
    name = stall.call or "the lock"
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=name, type="blocking call"),
        where=holder.place,
        made_at=holder.place,
        used_at=stall.place,
        what=f"`{name}` at {stall.place} blocked the event loop, since `{holder.coroutine}` holds"
        f" that lock and awaits at {holder.waits_at}.",
        why=f"Both run on one event loop. `{holder.coroutine}` can release the lock only when the"
        " loop goes on, and that waits for the lock.",
        fix=f"At {holder.place}, hold the lock only to copy what is needed, and await after the"
        " block. Or use an `asyncio.Lock` there and everywhere else.",
    )
