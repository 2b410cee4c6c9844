"""What only LC606 asks: what two tasks used at once."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.databases import shared_sessions
from loopcheck.records import SharedConnection


def find_shared_connection(live: Live) -> SharedConnection | None:
    """Return what two tasks of one loop used at once, where the error says that they did."""
    return shared_sessions.read(live.error, live.item, live.labels)
