"""Hundreds of failures of one cause: after three equal looks the others are only counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from loopcheck.labels import parameters_masked
from loopcheck.light import replace
from loopcheck.plugin.report_attributes import ALIKE, IGNORED
from loopcheck.plugin.reporting import text_on_report
from loopcheck.plugin.silent import caught
from loopcheck.process import fingerprint
from loopcheck.report import json as json_words
from loopcheck.report import text
from loopcheck.source.coroutines import unawaited_warnings
from loopcheck.watch import blocked_steps

if TYPE_CHECKING:
    import pytest

    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.asked import Asked
    from loopcheck.plugin.found import Found
    from loopcheck.plugin.hang import Hang

LOOKS = 3  # equal looks; a fourth would take as long and repeat them
MOST = 500  # number of kinds of failures to distinguish

Findings = tuple["Finding", ...]


class Repeated:
    """The findings of the latest looks at failures of each kind, and how often in a row."""

    def __init__(self, found: Found, asked: Asked, hang: Hang | None) -> None:
        self.found, self.asked, self.hang = found, asked, hang
        self._looks: dict[fingerprint.Fingerprint, tuple[Findings, int]] = {}

    def kind(
        self, made: pytest.TestReport, item: pytest.Item, error: BaseException
    ) -> fingerprint.Fingerprint | None:
        """Return the key of this kind of failure; None if each must be looked at."""
        hung = self.hang is not None and self.hang.of(item, made.when or "call") is not None
        if self.asked.again or hung:
            return None
        never_awaited = any(map(unawaited_warnings.is_one, caught()))
        blocked = bool(blocked_steps.of_this_test())
        return made.when, never_awaited, blocked, *fingerprint.of_error(error)

    def known(self, kind: fingerprint.Fingerprint | None) -> Findings | None:
        """Return the findings of this *kind*, if enough looks agree."""
        found, looks = self._looks.get(kind or (), ((), 0))
        return found if looks >= LOOKS else None

    def note(
        self, kind: fingerprint.Fingerprint | None, made: pytest.TestReport, found: Findings
    ) -> None:
        """Record the findings of a look."""
        if kind is None or hasattr(made, IGNORED):  # the next test may suppress other codes
            return
        first, looks = self._looks.get(kind, (found, 0))
        if len(self._looks) >= MOST:
            self._looks.clear()
        alike = list(map(_fault, first)) == list(map(_fault, found))
        self._looks[kind] = (first, looks + 1) if alike else (found, 1)

    def count(self, made: pytest.TestReport, item: pytest.Item, found: Findings) -> None:
        """Record on *made* that this failure resembles others, which had the findings *found*.

        Its test was not looked at, so each fault counts once for it, however often others had it.
        """
        test = parameters_masked(item.nodeid)
        mine = [replace(one, test=test, phase=made.when, count=1, also=()) for one in found]
        kept = self.found.not_waived(mine, item, made)
        if mine and not kept:
            return  # this test suppresses what the others have
        setattr(made, ALIKE, [json_words.finding(one) for one in kept])
        if kept:
            self.found.beat(item.nodeid, kept)
            if self.asked.show:
                text_on_report.put_text(made, text.as_in(found, found[0].test))


def _fault(one: Finding) -> object:
    """Return a key that two findings share if they are about one fault."""
    return one.code, one.certainty, one.where, one.subject
