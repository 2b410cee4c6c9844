"""What a call left half done, as a failing line finds it: an error or a cancellation ended it."""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.databases.lc604_stale_pool import (
    cut_off_ends,
    left_entries,
    undone_for_errors,
)
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence


def findings(evidence: Evidence, code: str, slug: str) -> Iterator[Finding]:
    """Yield the finding about a clean-up that was cut off, or an entry or a state that was left."""
    if (cut_off := evidence.ask(cut_off_ends.find_cut_off_end)) is not None:
        yield cut_off_ends.finding(cut_off, code, slug)
    elif (entry := evidence.ask(left_entries.find_left_entry)) is not None:
        yield left_entries.finding(entry, code, slug)
    elif (state := evidence.ask(undone_for_errors.find_left_state)) is not None:
        yield undone_for_errors.finding(state, code, slug)
