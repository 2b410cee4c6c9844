"""What only LC407 asks: what a newer version took away."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.patches import removed_apis
from loopcheck.records import RemovedApi


def find_removed_api(live: Live) -> RemovedApi | None:
    """Return what the failing line asks for and no longer gets, None where that is not known."""
    return removed_apis.read(live.links, live.labels)
