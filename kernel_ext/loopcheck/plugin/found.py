"""The findings of a run so far, and how they travel: on the reports of the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from loopcheck.labels import parameters_masked
from loopcheck.plugin.asked import NO_CODES, Codes
from loopcheck.plugin.ours import guarded
from loopcheck.plugin.report_attributes import AGAIN, ALIKE, IGNORED, KEY, SILENT, WORDS

if TYPE_CHECKING:  # imported only when there is something to explain: most runs have nothing
    import pytest

    from loopcheck.modes.finding import Finding
    from loopcheck.records import Outcome, Place

# If one of LOOPS names the line that made something, LEFT reports it for that very reason.
LOOPS, LEFT = frozenset({"LC101", "LC102", "LC106", "LC604"}), frozenset({"LC201", "LC307"})


class Found:
    """Records and numbers of one session, without objects from tests."""

    def __init__(self, config: pytest.Config, codes: Codes, *, again: bool = False) -> None:
        self.config = config
        self.codes = codes
        self.again = again
        self.session: pytest.Session | None = None
        self.tests: list[str] = []
        self.outcomes: dict[str, Outcome] = {}
        self.trying: str | None = (
            None  # the test that has just failed a phase, until the next begins
        )
        self.findings: list[Finding] = []
        self.left: list[Finding] = []  # the findings that made no test fail
        self.explained: set[str] = set()
        self.alike: Counter[bool] = Counter()  # failures that were only counted: explained or not
        self.alike_written = 0  # how many explained ones the report on disk has
        self.ignored: Counter[str] = Counter()
        self.beaten: dict[
            str, frozenset[str]
        ] = {}  # by test: the findings that are only symptoms of a cause
        self.ran: Counter[str] = Counter()  # second runs, by how they ended
        self.heard: dict[str, list[tuple[pytest.TestReport, list[Finding]]]] = {}  # to be mended
        self.notes: list[str] = []  # about ourselves
        self.late: list[Finding] = []  # found after the last report of their test
        self.ignored_late: Counter[str] = Counter()
        self.changed: Callable[[], None] = lambda: None  # called after each finding

    def hear(self, report: pytest.TestReport) -> None:
        """Take the outcome of *report*, and the findings that were put on it."""
        if report.outcome != "passed" and self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = report.outcome
        known = vars(report)
        if self.again or not WORDS.isdisjoint(known):
            with guarded("read what a worker said", self.notes):
                self._hear(report, known)

    def hear_collected(self, report: pytest.CollectReport) -> None:
        """Take the findings in a file that could not be collected."""
        if report.nodeid in self.explained:  # each worker of xdist's collects it
            return
        self.outcomes[report.nodeid] = "failed"
        self.explained.add(report.nodeid)
        from loopcheck.report import json as json_words

        self.findings += [json_words.read_finding(said) for said in vars(report)[KEY]]
        self.changed()

    def _hear(self, report: pytest.TestReport, known: dict[str, Any]) -> None:
        if not WORDS.isdisjoint(known):
            self._read(report, known)
        if self.again:
            self._await_second_run(report, known)

    def _await_second_run(self, report: pytest.TestReport, known: dict[str, Any]) -> None:
        """Show the findings of a second run under the failures of the first, already reported."""
        if report.failed:
            mine = self.findings[-len(known[KEY]) :] if KEY in known else []
            self.heard.setdefault(report.nodeid, []).append((report, mine))
        if report.when != "teardown":
            return
        earlier = self.heard.pop(report.nodeid, [])
        if AGAIN in known:
            from loopcheck.plugin.reporting import second

            self.ran[known[AGAIN]["ran"]] += 1
            for failed, said in earlier:
                self.findings = second.mended(self.findings, failed, said, known[AGAIN])
            if known[AGAIN].get("findings"):
                self.explained.add(report.nodeid)
            self.changed()

    def _read(self, report: pytest.TestReport, known: dict[str, Any]) -> None:
        from loopcheck.report import json as json_words

        for said in known.get(KEY, ()):
            self.findings.append(json_words.read_finding(said))
            self.explained.add(report.nodeid)
            self.changed()
        for said in known.get(SILENT, ()):
            self.keep_silent(json_words.read_finding(said))
        if ALIKE in known:
            self.alike[bool(known[ALIKE])] += 1
            if known[ALIKE]:
                self.explained.add(report.nodeid)
                self._count_alike([json_words.read_finding(said) for said in known[ALIKE]])
        for code in known.get(IGNORED, ()):
            self.ignored[code] += 1

    def _count_alike(self, counted: list[Finding]) -> None:
        """Add a test that was not looked at to the findings of similar tests.

        The report names each of these tests. Rewriting it for each one would take time that grows
        with the square of their number, so it is rewritten when there are a tenth more.
        """
        from loopcheck.modes.diagnose import is_one_fault, merged

        for one in counted:
            for at, known in enumerate(self.findings):
                if is_one_fault(known, one) and known not in self.left:
                    self.findings[at] = merged([known, one])[0]
                    break
            else:  # from a worker whose first failures were suppressed
                self.findings.append(one)
        if self.alike[True] * 10 >= self.alike_written * 11:
            self.alike_written = self.alike[True]
            self.changed()

    def keep_silent(self, found: Finding) -> None:
        """Record a fault that made no test fail, or not the guilty one."""
        if any(_same(found, one) for one in self.findings):
            return  # already explained with the failure, and dropped only now
        if any(_same_line(found, one) for one in self.findings if one not in self.left):
            return  # the failure comes of it
        self.findings.append(found)
        self.left.append(found)
        if found.test is not None and self.outcomes.get(found.test) == "failed":
            self.explained.add(found.test)
        self.changed()

    def has(self, found: Finding) -> bool:
        """True if a test was found to have this fault, at this line."""
        return any((one.code, one.where) == (found.code, found.where) for one in self.findings)

    def unended(self) -> set[str]:
        """Return the tests that failed or were skipped: not all of their lines ran."""
        unended = {nodeid for nodeid, outcome in self.outcomes.items() if outcome != "passed"}
        return unended | {self.trying} if self.trying is not None else unended

    def is_unended(self, nodeid: str) -> bool:
        """True if this test is one of them: there may be 10,000 others."""
        return nodeid == self.trying or self.outcomes.get(nodeid, "passed") != "passed"

    def failing(self) -> set[str]:
        return {nodeid for nodeid, outcome in self.outcomes.items() if outcome == "failed"}

    def by_outcome(self) -> tuple[list[Finding], list[Finding]]:
        """Return the findings that fail a test, and those that are only reported."""
        failed: list[Finding] = []
        said: list[Finding] = []
        for one in self.findings:
            silent = one in self.left and one.code not in self.codes.fail
            (said if silent else failed).append(one)
        return failed, said

    def merged(self) -> tuple[Finding, ...]:
        """Return one finding for each fault: first those in tests that failed, then the others."""
        from loopcheck.modes.diagnose import fault_of, merged

        failing = self.failing()
        failed = [one for one in self.findings if one not in self.left]
        first = {fault_of(one) for one in failed}
        first |= {fault_of(one) for one in self.left if one.test in failing}
        every = merged([*failed, *self.left])
        return tuple(sorted(every, key=lambda one: fault_of(one) not in first))

    def item(self, nodeid: str | None) -> pytest.Item | None:
        """Return the test of that name, as this process collected it."""
        items = self.session.items if self.session is not None and nodeid is not None else ()
        return next(
            (one for one in items if nodeid in (one.nodeid, parameters_masked(one.nodeid))), None
        )

    def beat(self, nodeid: str, found: Iterable[Finding]) -> None:
        """Record which findings are only symptoms of what was *found* in a test."""
        from loopcheck.modes.diagnose import beaten_by

        test = parameters_masked(nodeid)
        symptoms = self.beaten.get(test, NO_CODES)
        self.beaten[test] = symptoms.union(*(beaten_by(one.code) for one in found))

    def unbeaten(self, found: Iterable[Finding]) -> list[Finding]:
        """Return the findings that are not symptoms of a cause found in their test."""
        known = set[object]().union(
            *(_lines(one.where) for one in self.findings if one.code in LOOPS)
        )
        return [
            one
            for one in found
            if one.code not in self._symptoms(one)
            and not (one.code in LEFT and known & _lines(one.where, one.made_at))
        ]

    def _symptoms(self, one: Finding) -> frozenset[str]:
        """Return the codes that are only symptoms in the test of *one*.

        Of a test that was collected after all tests, only its name is known.
        """
        if one.test is not None or one.subject is None:
            return self.beaten.get(one.test or "", NO_CODES)
        from loopcheck.modes.diagnose import beaten_by

        name = one.subject.name
        known = [each.code for each in self.findings if each.subject and each.subject.name == name]
        return NO_CODES.union(*map(beaten_by, known))

    def not_waived(
        self, found: Iterable[Finding], item: pytest.Item | None, made: pytest.TestReport | None
    ) -> list[Finding]:
        """Return the findings that nothing suppresses, and count the rest."""
        from loopcheck.plugin import codes

        kept: list[Finding] = []
        waived: list[Finding] = []
        for one in found:
            guilty = self.item(one.test) if item is None or item.nodeid != one.test else item
            by_somebody = codes.waived(one, self.codes.ignore, guilty, self.config.rootpath)
            (waived if by_somebody else kept).append(one)
        if made is None:
            for counts in (self.ignored, self.ignored_late):
                counts.update(one.code for one in waived)
        elif waived:
            there = getattr(made, IGNORED, [])
            setattr(made, IGNORED, [*there, *(one.code for one in waived)])
        return kept


def _lines(*places: Place | None) -> set[object]:
    """Return the lines of *places*, whatever name each uses for the object there."""
    return {(one.file, one.line) for one in places if one is not None}


def _same(one: Finding, other: Finding) -> bool:
    """True if both are one fault of one test."""
    same = (one.code, one.where, one.subject) == (other.code, other.where, other.subject)
    return same and _same_test(one, other)


def _same_line(one: Finding, other: Finding) -> bool:
    """True if both ask to change one line for one test, or *other* names who is to blame for it."""
    known = other.where, other.used_at if one.code == other.code else None
    lines = [(place.file, place.line) for place in known if place is not None]
    here = one.where
    return here is not None and (here.file, here.line) in lines and _same_test(one, other)


def _same_test(one: Finding, other: Finding) -> bool:
    return one.test == other.test or one.test in other.also
