"""What only LC501 looks for: which metric is registered twice."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process import duplicate_metrics
from loopcheck.records import TwiceRegistered
from loopcheck.watch import registrations


def find_duplicate_metric(live: Live) -> TwiceRegistered | None:
    """The metric that was registered twice, and the lines that did so."""
    seen = registrations.lines_of if registrations.is_installed() else None
    return duplicate_metrics.read(live.links, seen, live.labels)
