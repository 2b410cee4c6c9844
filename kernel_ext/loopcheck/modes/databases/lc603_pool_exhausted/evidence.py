"""What only LC603 asks: who has the connections of a pool that has none left."""

from __future__ import annotations

from loopcheck.case import connection_evidence
from loopcheck.case.live import Live
from loopcheck.records import ExhaustedPool


def find_exhausted_pool(live: Live) -> ExhaustedPool | None:
    """Return the pool or the server that had no connection left, with those who have them."""
    return connection_evidence.read(live.error, live.item, live.tests, live.labels)
