"""LC403 mock-bypasses-logic: the double stands in for the very layer that the test is about.

What: a test of a retry, a circuit breaker or a cache replaces the client, method or function that
      does the retrying, breaking or caching: `TimeoutError: fail once`, a state that never changes.
Why:  what a double replaces does not run, and what it did besides its answer is gone with it. A
      retry inside of the client never sees an error that the client's double raises.
Fix:  put the fault below the layer: keep the real client and let its connection fail once, or
      double what the layer calls. A test that passes because its double retries tests the double.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC403", "mock-bypasses-logic"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "exceptions.TimeoutError + raise effect",
    "exceptions.ConnectionError + raise effect",
    "TimeoutError + raise effect",
    "ConnectionError + raise effect",
    "raise effect",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the double that replaced what the failing line counted on. That it did is inferred."""
    for one in evidence.doubles:
        if one.wanted == "layer":
            yield _finding(one)


def _finding(one: DoubleRecord) -> Finding:
    replaced = f"`{one.skipped}`" if one.skipped else "the real one"
    of = f" of `{one.skipped}`" if one.skipped not in (None, one.subject.name) else ""
    at = f" ({one.layer_at})" if one.layer_at else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=one.subject,
        where=one.set_at or one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"`{one.subject.name}` is a double{of}, and the real one {one.detail}{at}: the test"
        " counts on that, and it did not run.",
        why="What a double replaces does not run; what it did besides its answer is gone with it.",
        fix=f"Keep {replaced}, and double what it calls: let the fault come from below it.",
    )
