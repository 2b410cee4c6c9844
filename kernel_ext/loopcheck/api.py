"""loopcheck in code: for a REPL, a debugger, or a test of your own."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from loopcheck.case import failure_evidence, journal
from loopcheck.labels import Labels, cells
from loopcheck.modes.diagnose import diagnose
from loopcheck.modes.finding import Finding
from loopcheck.records import Look
from loopcheck.report import html, looking, text
from loopcheck.report.view import View
from loopcheck.watch import loops as ledger

NOTHING = "No cause found beyond what the error itself says."
PARTS = tuple(looking.PARTS)


@dataclass(frozen=True, slots=True, repr=False)
class Seen(View):
    """The result of one look: it displays itself, and keeps the records in `facts`."""

    facts: Look = field(default_factory=Look)


@dataclass(frozen=True, slots=True, repr=False)
class Explained(View):
    """The reasons for a failure: it displays itself, and keeps the findings, best first."""

    findings: tuple[Finding, ...] = ()


def look(*, deep: bool = False, machinery: bool = False) -> Seen:
    """Return what runs and waits in this process, and what your modules' names are bound to."""
    facts = looking.look(PARTS, looking.roots(), deep=deep, everything=machinery)
    shown = looking.view(facts, PARTS, machinery=machinery)
    return Seen(shown.text, shown.html, facts)


def why(error: BaseException | None = None) -> Explained:
    """Return why *error* happened; without one, the error at hand, else the last run's failures."""
    at_hand = (error, sys.exc_info()[1], getattr(sys, "last_value", None))
    error = next((one for one in at_hand if one is not None), None)  # an error may be falsy
    if error is None:
        run = journal.last()
        kept = run.findings if run else ()
        return _explained(tuple(one for one in kept if isinstance(one, Finding)))
    labels = Labels(os.getcwd(), cells())
    evidence = failure_evidence.of_failure(error, labels, loop=_running())
    return _explained(diagnose(evidence, labels))


def _explained(found: tuple[Finding, ...]) -> Explained:
    return Explained(text.findings(found, NOTHING), html.findings(found, NOTHING), found)


def _running() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


@dataclass(slots=True)
class Watching:
    """The object that `watching()` yields: call its methods while the block runs, or after."""

    seen: Seen | None = None

    def look(self) -> Seen:
        """Look now; loops and tasks made in the block say where."""
        self.seen = look()
        return self.seen


@contextmanager
def watching() -> Iterator[Watching]:
    """Record where the block creates loops and tasks; the last look happens as it ends."""
    undo = [ledger.install(), *looking.watch_sites()]
    watched = Watching()
    try:
        yield watched
    finally:
        watched.look()
        while undo:
            undo.pop()()
