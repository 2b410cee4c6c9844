"""Adds to the Evidence of a failure what was still under way: tasks, and half-way generators."""

from dataclasses import replace
from typing import Any

from loopcheck.facts import halfway
from loopcheck.facts.labels import Labels
from loopcheck.facts.probes import premature
from loopcheck.facts.quiet import users_files
from loopcheck.facts.records import Evidence, LeftGenerator
from loopcheck.facts.watch import asyncgens


def of_failure(
    evidence: Evidence, error: BaseException, item: Any, since: int, labels: Labels
) -> Evidence:
    """Return *evidence* with what had yet to change the thing that the failing line asks for.

    *since* is the number of the last generator that was left before the test.
    """
    asked = premature.asked(error)
    if asked is None:
        return evidence
    generators = _left(asked, item, since, labels)
    return replace(
        evidence,
        failed=True,
        generators=generators,
        premature=() if generators else premature.read(asked, labels),
    )


def _left(
    asked: premature.Asked, item: Any, since: int, labels: Labels
) -> tuple[LeftGenerator, ...]:
    """Return the generators whose clean-up would have changed what was asked for."""
    entries = [
        entry
        for entry in asyncgens.since(since)
        if (generator := entry.generator()) is not None and premature.half_way(asked, generator)
    ]
    found = halfway.read(entries, item, (), labels, users_files) if entries else ()
    return tuple(replace(one, asserted=True) for _, one in found)
