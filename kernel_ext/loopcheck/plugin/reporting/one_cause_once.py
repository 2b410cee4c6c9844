"""Forty failures of one cause: the first has the finding in full, the next refer to it.

Beyond those, a failure has no section of its own: the summary counts them all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from loopcheck.modes.diagnose import fault_of
from loopcheck.modes.finding import Finding
from loopcheck.plugin.report_attributes import ALIKE, KEY
from loopcheck.plugin.reporting import text_on_report
from loopcheck.report import json as json_words
from loopcheck.report import text

MOST = 10  # failures of one cause that refer to the first


def shorten(reports: Iterable[Any]) -> None:
    """Shorten the sections under failures whose cause is in full under an earlier one."""
    first: dict[object, str] = {}  # the test that has it in full, by fault
    times: Counter[object] = Counter()
    for report in reports:
        found = _of(report)
        faults = [fault_of(one) for one in found]
        if KEY in vars(report):
            known = [first.setdefault(fault, report.nodeid) for fault in faults]
        else:  # it was only counted, and says so
            known = [first.get(fault, report.nodeid) for fault in faults]
        if not found or report.nodeid in known:
            continue
        times.update(faults)
        over = all(times[fault] > MOST for fault in faults)
        text_on_report.put_text(report, None if over else text.as_in(found, known[0]))


def _of(report: Any) -> list[Finding]:
    """Return the findings that are the whole section under *report*."""
    known, said = vars(report), text_on_report.read_text(report)
    found = [json_words.read_finding(one) for one in known.get(KEY) or known.get(ALIKE) or ()]
    whole = "\n\n".join(text.finding(one) for one in found)
    return found if said is not None and (ALIKE in known or said == whole) else []
