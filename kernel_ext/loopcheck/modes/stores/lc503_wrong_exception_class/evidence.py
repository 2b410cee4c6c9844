"""What only LC503 looks for: the line that expects another class of the same name."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.stores import missed_handlers
from loopcheck.records import MissedError


def find_missed_handler(live: Live) -> MissedError | None:
    """The line that expects an error of that name and did not catch this one."""
    return missed_handlers.read(live.links, live.item, live.labels)
