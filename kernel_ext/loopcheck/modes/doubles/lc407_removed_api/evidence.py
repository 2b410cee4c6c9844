"""What only LC407 looks for: what a newer version removed."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.patches import removed_apis
from loopcheck.records import RemovedApi


def find_removed_api(live: Live) -> RemovedApi | None:
    """The removed argument or name that the failing line uses, None if that is not known."""
    return removed_apis.read(live.links, live.labels)
