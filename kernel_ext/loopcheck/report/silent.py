"""Faults of tests that did not fail: a line each, and the number of each code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from loopcheck.modes.finding import Finding
from loopcheck.report._story import visible


def lines(found: Sequence[Finding]) -> list[str]:
    """Return a line for each fault: the test, what it left, where."""
    return [_line(one) for one in found]


def _line(one: Finding) -> str:
    at = f" {one.where}" if one.where else ""
    times = "" if one.count == 1 else f" ({one.count} times)"
    test = f"{one.test}  " if one.test else ""
    return visible(f"{test}{one.code} {one.slug}{at}  {one.what}{times}")


def by_code(found: Iterable[Finding], ignored: Mapping[str, int]) -> str:
    """Return "LC102 2, LC202 1; ignored: LC201 3", or an empty text."""
    counts = Counter[str]()
    for one in found:
        counts[one.code] += one.count
    said = [_counted(counts)] if counts else []
    if ignored:
        said.append(f"ignored: {_counted(ignored)}")
    return "; ".join(said)


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {counts[code]}" for code in sorted(counts))
