"""A patch that an earlier test started and did not stop, and that the failing line ran into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Link
from loopcheck.process.patches import patch_origins, patch_records
from loopcheck.process.patches.replaced import Entry
from loopcheck.records import LeftPatch, Place


def read(
    links: Sequence[Link], left: Iterable[tuple[Entry, int]], tests: Sequence[str], labels: Labels
) -> LeftPatch | None:
    """Return the first of *left* whose name the values of the failing line came from.

    *tests* are the ids of all tests that have begun: *left* has their numbers.
    """
    patches = [(one, by) for one, by in left if objects.is_module(one.owner())]
    step = links[0].user if links else None
    if step is None or not patches:
        return None
    uses = [*patch_origins.made_with(step)]
    for one, by in patches:
        held = vars(one.owner())
        if one.site is None or not 0 < by <= len(tests):
            continue
        if any(use.held is held and use.name == one.attribute for use in uses):
            file, line, function = one.site
            return LeftPatch(
                target=f"{patch_records.module_dot(held)}{one.attribute}",
                by=tests[by - 1].rpartition("::")[2],
                started_by=function,
                place=Place(labels.file(file), line, function),
                used_at=step.place(labels),
            )
    return None
