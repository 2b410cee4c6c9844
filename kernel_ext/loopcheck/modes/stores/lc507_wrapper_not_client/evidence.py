"""What only LC507 asks: what is where a client is wanted."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.stores import wrong_clients
from loopcheck.records import StandIn


def find_wrong_client(live: Live) -> StandIn | None:
    """Return what was used as a client and is none."""
    return wrong_clients.read(live.links, live.item, live.labels)
