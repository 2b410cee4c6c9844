"""The words for a cancellation that no handler on its way was meant for."""

from __future__ import annotations

from loopcheck.modes.finding import Finding
from loopcheck.records import Place, Slipped, Subject


def finding(seen: Slipped, asked_at: Place | None, code: str, slug: str) -> Finding:
    """Name the `except Exception` that a task's own CancelledError passed."""
    return Finding(
        code=code,
        slug=slug,
        certainty="certain",
        subject=Subject(name=seen.handler, type="asyncio.CancelledError"),
        where=seen.handler_at,
        made_at=seen.raised_at,
        used_at=asked_at,
        what=f"The CancelledError of {seen.raised_at} passed `{seen.handler}` at {seen.handler_at},"
        f" and only a callback met it, at {asked_at}.",
        why="CancelledError is no Exception, so `except Exception` lets it pass. Nobody had"
        " cancelled this task.",
        fix=f"If {seen.handler_at} has to act whatever fails, catch `(Exception,"
        " asyncio.CancelledError)` there.",
    )
