"""From evidence to findings: all modes run, the best comes first. Never first match wins."""

from __future__ import annotations

from collections.abc import Iterable

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.modes import catalogue
from loopcheck.modes.finding import CERTAINTIES, MISSING, Finding
from loopcheck.records import Evidence


def diagnose(evidence: Evidence, labels: Labels | None = None) -> tuple[Finding, ...]:
    """Return what *evidence* shows, causes before symptoms, and each fault once with its count.

    With the *labels* that named its files, each finding has the source of the line to change.
    Afterwards *evidence* holds records only: it no longer refers to the live objects of the case.
    """
    try:
        found = _diagnosed(evidence)
        return found if labels is None else tuple(_with_source(one, labels) for one in found)
    finally:
        evidence.questions.close()


def _diagnosed(evidence: Evidence) -> tuple[Finding, ...]:
    found: list[Finding] = []
    beaten: set[str] = set()
    for mode in catalogue.modes():
        detect, supersedes = catalogue.detector(mode)
        mine = [_of(evidence, finding) for finding in detect(evidence)]
        if mine:
            found += mine
            beaten |= supersedes
    return merged(ranked(finding for finding in found if finding.code not in beaten))


def beaten_by(code: str) -> frozenset[str]:
    """Return the codes that are only symptoms if loopcheck found *code*."""
    mode = catalogue.find(code)
    return catalogue.detector(mode)[1] if mode is not None else frozenset()


def _of(evidence: Evidence, finding: Finding) -> Finding:
    if evidence.test is None or finding.test is not None:
        return finding
    return replace(finding, test=evidence.test.nodeid, phase=evidence.test.phase)


def _with_source(finding: Finding, labels: Labels) -> Finding:
    """Return *finding* with the text of its line to change, as the file is now."""
    file = labels.filename(finding.where.file) if finding.where is not None else None
    if finding.where is None or file is None:
        return finding
    from loopcheck.source import shown_lines  # late: not all that import us read files

    return replace(finding, source=shown_lines.read_shown_line(file, finding.where.line))


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return *findings* by certainty; the order within one certainty stays."""
    return tuple(sorted(findings, key=lambda finding: CERTAINTIES.index(finding.certainty)))


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return one finding for each fault: the same code at the same line is the same fault.

    So is the same code about an object of the same type in one test: its clean-up often fails as
    well, and knows less about the line.
    """
    kept: dict[object, Finding] = {}
    of_test: dict[object, object] = {}
    for finding in findings:
        key = fault_of(finding)
        same = finding.code, finding.subject and finding.subject.type, finding.test
        if finding.phase != "teardown":
            of_test.setdefault(same, key)
        elif finding.test is not None:
            key = of_test.get(same, key)
        first = kept.get(key)
        if first is None:
            kept[key] = finding
        else:
            tests = dict.fromkeys((*first.also, finding.test, *finding.also))
            also = tuple(test for test in tests if test not in (None, first.test))
            one = _first(first, finding) if key == fault_of(finding) else first
            kept[key] = replace(
                first,
                count=first.count + finding.count,
                also=also,
                where=one.where,
                source=one.source,
            )
    return ranked(kept.values())


def is_one_fault(one: Finding, other: Finding) -> bool:
    """Return whether `merged` makes one finding of both."""
    return fault_of(one) == fault_of(other)


def fault_of(finding: Finding) -> object:
    """Return what all findings of one fault have in common."""
    if finding.subject is None:
        return finding.code, finding.where
    if finding.subject.type == MISSING:  # no line of the project is wrong: any test may show it
        return finding.code, finding.subject.name
    return finding.code, finding.where, finding.subject.name


def _first(one: Finding, other: Finding) -> Finding:
    """Return the finding whose place does not depend on the order of the tests."""
    placed = [each for each in (one, other) if each.where is not None]
    return min(placed, key=_place_key, default=one)


def _place_key(finding: Finding) -> tuple[str, int]:
    return (finding.where.file, finding.where.line) if finding.where is not None else ("", 0)
