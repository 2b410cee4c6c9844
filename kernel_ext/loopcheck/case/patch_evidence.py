"""Adds to the Evidence of a failure the patches that were active when it happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, objects
from loopcheck.process.patches import (
    executor_doubles,
    missed_patches,
    sleep_doubles,
)
from loopcheck.process.patches.replaced import Entry
from loopcheck.records import Evidence, MissedPatch
from loopcheck.runner import fixtures
from loopcheck.source.catching import swallowing_handlers
from loopcheck.watch import mock_makers, patches

T = TypeVar("T")


def of_failure(
    evidence: Evidence, error: BaseException | None, item: Any, labels: Labels
) -> Evidence:
    """Return *evidence* with the patches that explain *error*; None if the test can't be ended."""
    notes: list[str] = []
    entries: tuple[Entry, ...] = ()
    entries = _guarded(lambda: tuple(patches.seen(_monkeys(item))), entries, notes)
    links = tuple(failure.chain(error)) if error is not None else ()
    found = _guarded(lambda: _missed(links, item, entries, labels), None, notes)
    hang, early = evidence.hang, evidence.premature
    sleep = _guarded(lambda: sleep_doubles.read(links, entries, hang, early, labels), None, notes)
    loops = tuple(fixtures.runners(item).values()) if item is not None else ()
    earlier = patches.executors()
    pool = _guarded(
        lambda: executor_doubles.read(
            links, entries, earlier, hang, loops, labels, mock_makers.made_at
        ),
        None,
        notes,
    )
    return replace(
        evidence,
        unmet=found,
        slept=sleep,
        executor=pool,
        notes=(*evidence.notes, *notes),
    )


def _missed(
    links: Sequence[failure.Link], item: Any, entries: Sequence[Entry], labels: Labels
) -> MissedPatch | None:
    """Return the patch that missed what failed, or that missed an earlier failure in the log."""
    told = swallowing_handlers.behind(links[0].error, item) if links else ()
    # Joined with the final failure: its frames show that the patch was in place.
    chains = (links, *((*failure.chain(one), *links) for one in told))
    found = (missed_patches.read(one, entries, labels) for one in chains)
    return next((one for one in found if one is not None), None)


def _guarded(look: Callable[[], T], otherwise: T, notes: list[str]) -> T:
    try:
        return look()
    except Exception as error:
        notes.append(f"patches: could not look, {type(error).__name__}")
        return otherwise


def _monkeys(item: Any) -> Iterator[object]:
    given = objects.peek(item, "funcargs") if item is not None else None
    for value in given.values() if type(given) is dict else ():
        if objects.type_name(value) == "_pytest.monkeypatch.MonkeyPatch":
            yield value
