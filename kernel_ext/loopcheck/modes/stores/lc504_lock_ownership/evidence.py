"""What only LC504 looks for: the owner of a lock, and what took it."""

from __future__ import annotations

import sys

from loopcheck.case.live import Live
from loopcheck.process.stores import lock_ownership
from loopcheck.records import LockRecord


def find_lost_lock(live: Live) -> LockRecord | None:
    """The lock that was released by other code than its owner."""
    seen = sys.modules.get("loopcheck.watch.stores.locks")  # loaded with the first store
    events = seen.events() if seen is not None else ()
    return lock_ownership.read(live.links, live.item, events, live.labels)
