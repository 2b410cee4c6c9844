"""What only LC603 looks for: what holds the connections of a pool that has none left."""

from __future__ import annotations

from loopcheck.case import connection_evidence
from loopcheck.case.live import Live
from loopcheck.records import ExhaustedPool


def find_exhausted_pool(live: Live) -> ExhaustedPool | None:
    """The pool or server that has no connection left, and what holds its connections."""
    return connection_evidence.read(live.error, live.item, live.tests, live.labels)
