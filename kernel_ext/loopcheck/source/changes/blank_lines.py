"""Blank lines around lines that a change removes: none is left at the top, no gap is doubled."""

from __future__ import annotations

from collections.abc import Sequence

from loopcheck.light import replace
from loopcheck.records import Edit
from loopcheck.source.changes.source_text import LINES


def closed_gaps(text: str, changes: Sequence[Edit]) -> list[Edit]:
    """Return the *changes* of a file; those that remove whole lines close the gap they leave."""
    lines = LINES.findall(text)
    return [_closed(one, lines, [other for other in changes if other != one]) for one in changes]


def _closed(change: Edit, lines: Sequence[str], others: Sequence[Edit]) -> Edit:
    if change.text or change.start[1] or change.end[1] or change.start == change.end:
        return change
    first, end = change.start[0] - 1, change.end[0] - 1  # the lines removed, from 0
    above, below = first, end
    while above and not lines[above - 1].strip():
        above -= 1
    while below < len(lines) and not lines[below].strip():
        below += 1
    if any(_fills(one, above, below) for one in others):
        return change  # what another change puts there may need the gap
    before, after = first - above, below - end
    opens = above == 0 or (before == 0 and _indent(lines[above - 1]) < _indent(lines[first]))
    if opens or (before and 0 < after <= before):
        return replace(change, end=(below + 1, 0))
    if before and (below == len(lines) or after > before):
        return replace(change, start=(above + 1, 0))
    return change


def _fills(change: Edit, above: int, below: int) -> bool:
    """True if a change reaches the lines from *above* to *below*, or puts lines at their end."""
    first, end = change.start[0] - 1, change.end[0] - 1
    return end >= above and (first < below or (first == below and change.text.endswith("\n")))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
