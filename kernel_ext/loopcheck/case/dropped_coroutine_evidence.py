"""Gathers the coroutines that a test has dropped without awaiting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from loopcheck.case.seen_leftovers import Kept, Seen, item_of, latest, maker
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process.doubles import doubles
from loopcheck.records import NeverAwaited
from loopcheck.source.coroutines import never_awaited, warnings_as_errors
from loopcheck.watch import mock_makers, patches


def of_error(
    error: BaseException, seen: Seen, item: Any, tests: Sequence[str], labels: Labels
) -> tuple[NeverAwaited, ...]:
    """Return the coroutines whose warnings are the *error* of *item*: the filters say so."""
    warned = warnings_as_errors.of(error)
    found = read(replace(seen, warned=warned), item, tests, labels) if warned else ()
    return tuple(dict.fromkeys(one for _, kind, one in found if kind == "dropped"))


def of_hang(
    warned: Sequence[Any], seen: Seen, item: Any, tests: Sequence[str], labels: Labels
) -> tuple[NeverAwaited, ...]:
    """Return the coroutines that *item* had dropped before it hung: what they would have done.

    One that a name kept is left out: the hang may have come before its `await`.
    """
    found = read(replace(seen, warned=tuple(warned)), item, tests, labels)
    mine = (one for number, kind, one in found if kind == "dropped" and number == len(tests))
    return tuple(one for one in mine if one.role is None and one.made_at and not one.kept)


def read(seen: Seen, item: Any, tests: Sequence[str], labels: Labels) -> Iterator[Kept]:
    """Yield the coroutines that were never awaited."""
    now = len(tests) if item is not None else None
    for one in seen.kept:
        if doubles.behind(one.coroutine) is not None:
            from loopcheck.process.doubles import dropped_results  # late: few mocks get one

            taken = dropped_results.passed(
                one.coroutine, one.taker, item, labels, mock_makers.made_at
            )
            if taken is not None:
                yield now, "doubles", taken
            continue
        kept = never_awaited.read_kept(one.coroutine, one.taker, item, labels)
        if kept is not None:
            yield now, "dropped", kept
    for warned in seen.warned:
        if id(warned.source) in seen.held:
            continue  # it may be collected at any line; its await may come after the failing line
        own = latest(never_awaited.made_within(warned, seen.items), tests)
        late = own not in (None, now)  # the garbage collector found it while a later test ran
        mine = item_of(own, tests, seen) if own and late else item
        coroutine = never_awaited.read(warned, mine, seen.items, labels, late=late, begun=tests)
        number = own or maker(coroutine, tests, labels) or now
        yield number, "dropped", coroutine
        if coroutine.role == "mock" and not late:
            from loopcheck.process.doubles import dropped_results  # late: few tests drop a mock's

            mocks = dropped_results.read(
                warned, mine, labels, mock_makers.made_at, patches.seen(iter(()))
            )
            if mocks is not None:
                yield number, "doubles", mocks
