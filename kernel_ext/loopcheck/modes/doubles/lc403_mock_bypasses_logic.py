"""LC403 mock-bypasses-logic: a mock replaces the very layer that the test is about.

What: a test of a retry, a circuit breaker or a cache replaces the client, method or function that
      does the retrying, breaking or caching: `TimeoutError: fail once`, a state that never changes.
Why:  a mock runs none of the code that it replaces. A retry inside the client never sees an error
      that the client's mock raises.
Fix:  put the fault below the layer: keep the real client and let its connection fail once, or mock
      what the layer calls. If the test passes because its mock retries, it tests the mock.
Edit: none, since which fault the test means is not in the text.
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
    """Name the double that replaced what the failing line relies on. That it does is inferred."""
    for one in evidence.doubles:
        if one.wanted == "layer":
            yield _finding(one)


def _finding(one: DoubleRecord) -> Finding:
    kept = f"`{one.skipped}`" if one.skipped else "the real one"
    double = "fake" if one.kind == "fake" else "mock"
    name = f"`{one.subject.name}`"
    itself = one.kind == "fake" and not one.skipped  # the name is the fake's own
    put = f"{name} is a fake" if itself else f"A {double} replaces {name}"
    real = kept if one.skipped not in (None, one.subject.name) else "the real code"
    at = f" ({one.layer_at})" if one.layer_at else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=one.subject,
        where=one.set_at or one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"{put}, so {real}, which {one.detail}{at}, did not run.",
        why=f"A {double} runs none of the code that it replaces, and the test relies on that code.",
        fix=f"Keep {kept}, and mock what it calls, so that the fault comes from below it.",
    )
