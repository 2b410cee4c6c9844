"""The line under a finding that a machine can mend: the command that tries it.

Nothing is changed by a run of tests; the command tries the change in a copy.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from loopcheck.labels import parameters_masked
from loopcheck.modes import catalogue
from loopcheck.plugin.reporting import commands, text_on_report
from loopcheck.report import text

if TYPE_CHECKING:
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.run_state import RunState

LONGEST = 2.0  # seconds for the edits of all failures: they read the files to change


def put(run: RunState, reports: Iterable[Any]) -> None:
    """Add the line to each finding that is shown under a failure and has edits."""
    by_test: dict[str | None, list[Finding]] = {}
    for one in run.found.findings:
        by_test.setdefault(one.test, []).append(one)
    until = time.monotonic() + LONGEST
    for report in reports:
        said = text_on_report.read_text(report)
        if said is not None:
            mine = by_test.get(parameters_masked(report.nodeid), [])
            for block, line in _lines(run, mine, report.nodeid, until):
                said = _with_line(said, block, line)
            text_on_report.put_text(report, said)


def _lines(
    run: RunState, found: list[Finding], test: str, until: float
) -> Iterator[tuple[str, str]]:
    """Yield the text of each finding with edits, and the line that belongs below it."""
    for one in found:
        if time.monotonic() < until and commands.is_mendable(run, one):
            command = commands.fix(catalogue.test_to_run(one.code, test))
            yield text.finding(one), f"{'try':<{text.INDENT}}{command}"


def _with_line(said: str, block: str, line: str) -> str:
    whole = f"{block}\n{line}"
    return said if whole in said else said.replace(block, whole, 1)
