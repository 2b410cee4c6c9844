"""Blocked loops: how long is too long, and what a failure then reports.

The watching thread starts with the first test of this process, so never in the controller of
pytest-xdist.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from loopcheck import abilities
from loopcheck.watch import blocked_steps

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.records import Phase, Stall


class Blocked:
    """The watch over loop steps, for one run."""

    def __init__(self, said: str) -> None:
        limit = seconds(said)
        self.end = blocked_steps.install(limit) if limit and abilities.THREADS else lambda: None

    def before(self, error: BaseException, phase: Phase, labels: Labels) -> tuple[Stall, ...]:
        """Return the steps that blocked before *error*, in the same phase of its test."""
        seen = [one for one in blocked_steps.of_this_test() if one.phase == phase]
        if not seen:
            return ()
        from loopcheck.process import failure
        from loopcheck.process.loops import loop_deadlines

        passed = list(loop_deadlines.read(tuple(failure.chain(error))))
        timed = loop_deadlines.by_the_clock(error)
        return tuple(blocked_steps.record(one, labels, passed, timed=timed) for one in seen)


def seconds(said: str) -> float:
    """Return the ini's number; 0 switches the watch off."""
    try:
        found = float(said)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and found >= 0):
        raise pytest.UsageError(
            f"loopcheck_blocked: `{said}` is no number of seconds."
            " Give one such as 0.1, or 0 to watch for no blocked loop."
        )
    return found
