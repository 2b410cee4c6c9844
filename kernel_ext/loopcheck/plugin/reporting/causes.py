"""The causes of a run's failures, and what passing tests left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopcheck.modes.diagnose import merged

if TYPE_CHECKING:
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.found import Found

# Code that never ran, or an error that no code read, can explain the values that a test compares. A
# blocked loop, or a task that was left, cannot.
REASONS = frozenset({"LC202", "LC205", "LC502"})


def is_reason(one: Finding) -> bool:
    """True if what a test left silently can be the reason for its failure."""
    return one.code in REASONS and one.certainty != "possible"


def of_failures(found: Found) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return a finding for each cause of failures, and one for each fault beside them."""
    failing = found.failing()
    causes, left = found.by_outcome()
    named = {test for one in causes for test in one.tests}
    reasons = [
        one for one in left if is_reason(one) and one.test in failing and one.test not in named
    ]
    beside = [one for one in left if one not in reasons]
    return merged([*causes, *reasons]), merged(beside)
