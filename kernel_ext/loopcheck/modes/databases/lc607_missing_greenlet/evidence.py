"""What only LC607 looks for: a query that is sent where nothing may wait."""

from __future__ import annotations

import sys

from loopcheck.case.live import Live
from loopcheck.process.databases import implicit_io
from loopcheck.records import ImplicitIO


def find_implicit_io(live: Live) -> ImplicitIO | None:
    """The attribute or the call that sent a query by itself."""
    if "sqlalchemy" not in sys.modules:
        return None
    return implicit_io.read(live.error, live.item, live.labels)
