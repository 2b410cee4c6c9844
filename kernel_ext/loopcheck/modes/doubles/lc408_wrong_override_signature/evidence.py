"""What only LC408 looks for: the override that FastAPI could not use."""

from __future__ import annotations

from loopcheck.case.live import Live
from loopcheck.process.patches import dependency_overrides
from loopcheck.records import WrongOverride


def find_wrong_override(live: Live) -> WrongOverride | None:
    """The override that FastAPI could not use as the test meant it."""
    return dependency_overrides.read(live.links, live.labels)
