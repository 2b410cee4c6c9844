"""What only LC504 asks: whose lock it is, and who took it."""

from __future__ import annotations

import sys

from loopcheck.case.live import Live
from loopcheck.process.stores import lock_ownership
from loopcheck.records import LockRecord


def find_lost_lock(live: Live) -> LockRecord | None:
    """Return the lock that was released by another than its owner."""
    seen = sys.modules.get("loopcheck.watch.stores.locks")  # loaded with the first store
    events = seen.events() if seen is not None else ()
    return lock_ownership.read(live.links, live.item, events, live.labels)
