"""The words for a lock of threads that a task of the blocked loop holds."""

from __future__ import annotations

from loopcheck.modes.finding import Finding
from loopcheck.records import Holder, Stall, Subject


def finding(stall: Stall, holder: Holder, code: str, slug: str) -> Finding:
    """Name the line of a task that holds a lock of threads while it awaits."""
    name = stall.call or "the lock"
    what, why, fix = (_taken_twice if holder.same else _held_by_another)(name, stall, holder)
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=name, type="blocking call"),
        where=holder.place,
        made_at=holder.place,
        used_at=stall.place,
        what=what,
        why=why,
        fix=fix,
    )


def _held_by_another(name: str, stall: Stall, holder: Holder) -> tuple[str, str, str]:
    return (
        f"`{name}` at {stall.place} blocked the event loop, since `{holder.coroutine}` holds"
        f" that lock and awaits at {holder.waits_at}.",
        f"Both run on one event loop. `{holder.coroutine}` can release the lock only when the"
        " loop goes on, and that waits for the lock.",
        f"At {holder.place}, hold the lock only to copy what is needed, and await after the"
        " block. Or use an `asyncio.Lock` there and everywhere else.",
    )


def _taken_twice(name: str, stall: Stall, holder: Holder) -> tuple[str, str, str]:
    return (
        f"`{name}` at {stall.place} blocked the event loop, since the same task took that lock at"
        f" {holder.place} and still holds it.",
        f"The lock can't be taken twice, and `{holder.coroutine}` could release it only after the"
        f" await at {holder.waits_at}.",
        f"Await after the block of {holder.place}, or don't take the lock again at {stall.place}."
        " With an `asyncio.Lock`, the task would wait for itself as well.",
    )
