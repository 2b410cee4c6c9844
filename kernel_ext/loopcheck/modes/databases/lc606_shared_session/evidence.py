"""What only LC606 looks for: the object that two tasks used at once."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.databases import shared_sessions
from loopcheck.records import SharedConnection
from loopcheck.watch import tasks


def find_shared_connection(live: Live) -> SharedConnection | None:
    """The object that two tasks of one loop used at once, if the error says so."""
    return shared_sessions.read(live.error, live.item, live.labels, tasks.site)
