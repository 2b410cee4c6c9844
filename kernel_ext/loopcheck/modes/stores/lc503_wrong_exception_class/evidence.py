"""What only LC503 asks: which line waits for an error of the same name and of another class."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.stores import missed_handlers
from loopcheck.records import MissedError


def find_missed_handler(live: Live) -> MissedError | None:
    """Return the line that an error went past, though it waits for one of that name."""
    return missed_handlers.read(live.links, live.item, live.labels)
