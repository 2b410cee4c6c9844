"""What only LC505 asks: whether the request met an override of another test."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process import objects
from loopcheck.process.patches import left_overrides
from loopcheck.records import LeftOverride

FAILS = (AssertionError, LookupError)  # a refusal has another body: KeyError


def find_left_override(live: Live) -> LeftOverride | None:
    """Return the dependency override that another test set, if the failing request ran into it."""
    if live.phase != "call" or not any(objects.is_a(live.error, one) for one in FAILS):
        return None
    return left_overrides.read(live.links, live.item, live.labels)
