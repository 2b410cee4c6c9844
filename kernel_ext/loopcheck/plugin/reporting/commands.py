"""The commands that a report names: to rerun a test, to mend a fault, to read about it."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from loopcheck.modes import catalogue, edits
from loopcheck.plugin.reporting import causes
from loopcheck.report import text

if TYPE_CHECKING:
    from loopcheck.modes.finding import Finding
    from loopcheck.plugin.run_state import RunState

LONGEST = 2.0  # seconds for the edits of all causes: they read the files to change
MOST = 5  # tests of one command


def fix(*tests: str) -> str:
    """Return what mends the faults of *tests*."""
    return shlex.join(("loopcheck", "fix", *tests))


def rerun(run: RunState, one: Finding) -> str:
    """Return what runs the test of *one* again as it ran here: with our options, and no others."""
    given = run.found.config.known_args_namespace
    said = [("--loopcheck-hang", given.loopcheck_hang), ("--loopcheck-fail", given.loopcheck_fail)]
    options = [f"{option}={value}" for option, value in said if value]
    if not options and not run.found.config.getini("loopcheck"):
        options = ["--loopcheck"]
    tests = [catalogue.test_to_run(one.code, one.test)] if one.test else []
    return shlex.join(("pytest", *options, *tests))


def next_one(run: RunState) -> str | None:
    """Return the one command to run after this run: the best is one that mends its faults."""
    known = [one for group in causes.of_failures(run.found) for one in group]
    if not known:
        return None
    tests = dict.fromkeys(
        catalogue.test_to_run(one.code, one.test) for one in _mendable(run, known) if one.test
    )
    apart = [one for one in tests if one.partition("::")[0] not in tests.keys() - {one}]
    return fix(*apart) if apart else text.more(known[0])


def _mendable(run: RunState, found: Iterable[Finding]) -> list[Finding]:
    """Return the first of *found* that a machine can mend."""
    until = time.monotonic() + LONGEST
    kept: list[Finding] = []
    fixable = [one for one in found if one.test and edits.has_fixes(one.code)]
    for one in run.each_with_edits(fixable):
        if one.edits:
            kept.append(one)
        if len(kept) == MOST or time.monotonic() > until:
            break
    return kept


def is_mendable(run: RunState, one: Finding) -> bool:
    """True if a machine can make the change."""
    return edits.has_fixes(one.code) and bool(run.with_edits([one])[0].edits)
