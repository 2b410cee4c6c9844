"""What only LC507 looks for: the object that the code uses as a client."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.stores import wrong_clients
from loopcheck.records import StandIn


def find_wrong_client(live: Live) -> StandIn | None:
    """The object that the code used as a client, though it is none."""
    return wrong_clients.read(live.links, live.item, live.labels)
