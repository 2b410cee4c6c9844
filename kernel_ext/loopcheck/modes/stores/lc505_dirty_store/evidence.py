"""What only LC505 asks: whether the failure met an override or a patch of another test."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process import objects
from loopcheck.process.patches import left_overrides, left_patches
from loopcheck.records import LeftOverride, LeftPatch
from loopcheck.watch import patches

FAILS = (AssertionError, LookupError)  # a refusal has another body: KeyError


def find_left_override(live: Live) -> LeftOverride | None:
    """Return the dependency override that another test set, if the failing request ran into it."""
    if live.phase != "call" or not any(objects.is_a(live.error, one) for one in FAILS):
        return None
    return left_overrides.read(live.links, live.item, live.labels)


def find_left_patch(live: Live) -> LeftPatch | None:
    """Return the patch that an earlier test started, if the failing line ran into it."""
    return left_patches.read(live.links, patches.left_by_tests(), live.tests, live.labels)
