"""Faults of tests that did not fail: a line each, and the number of each code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from loopcheck.modes.finding import Finding
from loopcheck.report import text
from loopcheck.report._story import visible


def lines(found: Sequence[Finding]) -> list[str]:
    """Return a line for each fault: where, what was left, the test."""
    return [_line(one) for one in found]


def _line(one: Finding) -> str:
    times = "" if one.count == 1 else f"{one.count} times, first in "
    test = f" ({times}{one.test})" if one.test else ""
    return visible(f"{text.located(one)}: {one.what}{test}")


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
