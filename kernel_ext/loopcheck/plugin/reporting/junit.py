"""The codes as properties: of the test in JUnit XML, and for readers of report properties."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from loopcheck.labels import parameters_masked

if TYPE_CHECKING:
    import pytest

    from loopcheck.modes.finding import Finding

NAME = "loopcheck"


def mark(item: pytest.Item, made: pytest.TestReport, found: Iterable[Finding]) -> None:
    """Put the codes of the findings in this very test on its reports.

    JUnit XML reads them from the last report, which has the item's properties.
    """
    codes = [
        one.code for one in found if one.test in (None, item.nodeid, parameters_masked(item.nodeid))
    ]
    for kept in (item.user_properties, made.user_properties) if codes else ():
        _put(kept, dict.fromkeys([*_codes(kept), *codes]))


def unmark(item: pytest.Item, made: pytest.TestReport, codes: Collection[str]) -> None:
    """Remove *codes* from the reports of the test."""
    for kept in (item.user_properties, made.user_properties):
        _put(kept, [code for code in _codes(kept) if code not in codes])


def _codes(kept: list[tuple[str, object]]) -> list[str]:
    return [code for name, value in kept if name == NAME for code in str(value).split(",")]


def _put(kept: list[tuple[str, object]], codes: Iterable[str]) -> None:
    said = ",".join(codes)
    kept[:] = [*(one for one in kept if one[0] != NAME), *([(NAME, said)] if said else [])]
