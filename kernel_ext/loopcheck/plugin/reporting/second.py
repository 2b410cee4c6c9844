"""The result of a failed test's second run: only for the same failure, and once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from loopcheck.light import replace
from loopcheck.modes.finding import CERTAINTIES
from loopcheck.plugin.asked import NO_CODES
from loopcheck.plugin.report_attributes import AGAIN, KEY, SILENT
from loopcheck.plugin.reporting import junit, text_on_report
from loopcheck.report import json as json_words
from loopcheck.report import text

if TYPE_CHECKING:
    import pytest

    from loopcheck.modes.finding import Finding

Reports = Mapping[str, "pytest.TestReport"]

ENDS = {"same": "failed in the same way", "otherwise": "failed in another way", "passed": "passed"}


def compare(
    item: pytest.Item, first: Reports, second: Reports, fail: frozenset[str] = NO_CODES
) -> None:
    """Put the findings of both runs on the last report of the first, not shown yet."""
    same = _ended(first) == _ended(second)
    failed = any(made.failed for made in second.values())
    said: dict[str, Any] = {"ran": "same" if same else "otherwise" if failed else "passed"}
    setattr(first["teardown"], AGAIN, said)
    if not same:
        return
    said["findings"] = {}
    for when, made in first.items():
        found = better_of(_read(made, KEY), _read(second[when], KEY))
        if found:
            said["findings"][when] = [json_words.finding(one) for one in found]
            junit.mark(item, first["teardown"], found)
    _judge_anew(item, first["teardown"], second["teardown"], fail)


def _judge_anew(
    item: pytest.Item, made: pytest.TestReport, other: pytest.TestReport, fail: frozenset[str]
) -> None:
    found = better_of(_read(made, SILENT), _read(other, SILENT))
    if not found:
        return
    setattr(made, SILENT, [json_words.finding(one) for one in found])
    junit.mark(item, made, found)
    counted = [one for one in found if one.code in fail]
    if counted and type(made.longrepr) is str:  # our own failure
        made.longrepr = text.findings(counted)


def mended(
    known: Sequence[Finding],
    failed: pytest.TestReport,
    mine: Sequence[Finding],
    said: Mapping[str, Any],
) -> list[Finding]:
    """Return *known* with the findings of two runs in place of *mine*, as the report does."""
    found = [json_words.read_finding(one) for one in said.get("findings", {}).get(failed.when, ())]
    shown = [text.finding(one) for one in found or mine]
    if said["ran"] != "same":
        shown.append(f"again    a second run {ENDS[said['ran']]}: this finding is of the first")
    if shown:
        text_on_report.put_text(failed, "\n\n".join(shown))
    if not found:
        return list(known)
    at = next((n for n, one in enumerate(known) if any(one is old for old in mine)), len(known))
    kept = [one for one in known if not any(one is old for old in mine)]
    return [*kept[:at], *found, *kept[at:]]


def counted(ran: Mapping[str, int]) -> str:
    """Return a line about the second runs, or nothing if there was none."""
    if not ran:
        return ""
    total = sum(ran.values())
    ends = ", ".join(f"{ran[end]} {said}" for end, said in ENDS.items() if ran.get(end))
    tests = "1 failed test" if total == 1 else f"{total} failed tests"
    return f"{tests} ran a second time, with every watch on: {ends}"


def _ended(reports: Reports) -> list[tuple[str, str, object]]:
    """Return how each phase ended, with the line and the kind of error that ended it."""
    return [(when, made.outcome, _crash(made)) for when, made in reports.items()]


def _crash(made: pytest.TestReport) -> object:
    crash = getattr(made.longrepr, "reprcrash", None)
    if crash is None:
        return None
    return crash.path, crash.lineno, crash.message.partition(":")[0].partition("\n")[0]


def _read(made: pytest.TestReport, kind: str) -> list[Finding]:
    return [json_words.read_finding(one) for one in getattr(made, kind, ())]


def better_of(first: list[Finding], second: list[Finding]) -> list[Finding]:
    """Return the findings on one failure after two runs of it."""
    rest = list(second)
    known = []
    for one in first:
        twin = next((other for other in rest if _same(one, other)), None)
        if twin is None:
            known.append(one)
        else:
            rest.remove(twin)
            known.append(replace(min(twin, one, key=_doubt), again=True))
    # Of the findings that only a second run has, those on tasks and coroutines come from the
    # watches. Others may come from running twice: a store that is not empty, a metric that exists
    # already.
    new = [one for one in rest if one.code.startswith("LC2") and one.certainty != "possible"]
    return known + [replace(one, again=True) for one in new]


def _same(one: Finding, other: Finding) -> bool:
    if (one.code, one.test) != (other.code, other.test):
        return False
    names = [each.subject and each.subject.name for each in (one, other)]
    return names[0] == names[1] or (one.where is not None and one.where == other.where)


def _doubt(one: Finding) -> tuple[int, int]:
    """Return how uncertain a finding is. Of two equals `min` takes the one that was watched."""
    places = (one.where, one.made_at, one.used_at, one.made_on, one.used_on)
    return CERTAINTIES.index(one.certainty), -sum(place is not None for place in places)
