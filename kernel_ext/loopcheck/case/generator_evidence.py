"""Turns the watch's data on async generators into records: where each was left, by which test."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import thread_stacks
from loopcheck.process.failure import Step
from loopcheck.process.pending import abandoned_generators
from loopcheck.process.waiting import await_chain, wakers
from loopcheck.records import LeftGenerator, Place
from loopcheck.source import project_files, user_code
from loopcheck.watch import asyncgens
from loopcheck.watch.asyncgens import Entry
from loopcheck.watch.loops import LEDGER

Files = Callable[[], Iterable[str]]


def read(
    entries: Sequence[Entry],
    item: Any,
    tests: Sequence[str],
    labels: Labels,
    files: Files,
    steps: Sequence[Step] = (),
) -> Iterator[tuple[int | None, LeftGenerator]]:
    """Yield a record of each generator of user code, with the number of the test that left it.

    *steps* are the user's lines of a failure: their variables may say more than the sources, and
    what one of them iterates, or the error releases, was not left before it.
    """
    said: set[abandoned_generators.Left] = set()
    for entry in entries:
        if project_files.owner(entry.code.co_filename) != "user":
            continue
        if not abandoned_generators.cleans_up(entry.code, entry.line):
            continue  # most: finding the line that left it would need a look at all files
        outer = _outer(entry)
        left = _left(outer, item, files) or held(entry, steps)
        if left is not None and any(_in_use(left, outer, step) for step in steps):
            continue
        one = record(entry, left, labels, outer)
        if left is not None and left not in said:
            said.add(left)
            yield _number(outer, tests), one


def _outer(entry: Entry) -> Entry:
    """Return the generator that iterated *entry* and was itself left, else *entry*."""
    for other in reversed(asyncgens.before(entry)):
        if (other.code, other.line) == entry.dropped:
            return _outer(other)
    return entry


def _left(entry: Entry, item: Any, files: Files) -> abandoned_generators.Left | None:
    name, dropped_at = entry.code.co_name, entry.dropped
    if (
        dropped_at is not None
        and (left := abandoned_generators.left_by(dropped_at, name)) is not None
    ):
        return left
    test = user_code.test(item)
    own = test.co_name if test is not None else None
    by_helper = (
        abandoned_generators.by_helper(name, files(), dropped_at)
        if dropped_at is not None
        else None
    )
    if dropped_at is not None and by_helper is None:
        by_helper = abandoned_generators.by_closing(name, files(), own, dropped_at)
    return by_helper or abandoned_generators.by_hand(name, files(), own, dropped_at)


def held(entry: Entry, steps: Iterable[Step]) -> abandoned_generators.Left | None:
    """Return where one of *steps* assigned the only name that leads to *entry* and it iterates."""
    generator = entry.generator()
    for step in steps if generator is not None else ():
        code, space = step.frame.f_code, thread_stacks.locals_of(step.frame)
        names = [name for name, value in space.items() if wakers.leads_to([value], generator)]
        left = abandoned_generators.of_name(code, names[0]) if len(names) == 1 else None
        if left is not None:
            return left
    return None


def _in_use(left: abandoned_generators.Left, entry: Entry, step: Step) -> bool:
    """Return whether *step* was iterating *entry*: then the failure itself leaves it."""
    if entry.dropped is not None:
        return left.by == "error" and entry.dropped == (step.frame.f_code, step.line)
    return abandoned_generators.iterates(step, entry.generator())


def record(
    entry: Entry, left: abandoned_generators.Left | None, labels: Labels, outer: Entry
) -> LeftGenerator:
    """Return the record of *entry*, which was left together with *outer*."""
    loop, code = entry.loop(), entry.code
    return LeftGenerator(
        name=await_chain.short(code.co_qualname),
        place=Place(labels.file(code.co_filename), entry.line, code.co_name),
        how=entry.how,
        loop=labels.of("loop", loop) if loop is not None else None,
        owner=project_files.owner(code.co_filename),
        cleans_up=abandoned_generators.cleans_up(code, entry.line),
        cut_short=entry.cut_short,
        left_at=Place(labels.file(left.file), left.line, left.function) if left else None,
        by=left.by if left else None,
        parameter=left.parameter if left else None,
        said=abandoned_generators.iterated_call(left.file, left.line) if left else None,
        through=await_chain.short(outer.code.co_qualname) if outer is not entry else None,
    )


def _number(entry: Entry, tests: Sequence[str]) -> int | None:
    loop = entry.loop()
    made = LEDGER.find(loop) if loop is not None else None
    if made is not None and made.scope in (None, "function") and 0 < made.born <= len(tests):
        return made.born
    return entry.moment if entry.how == "collected" and 0 < entry.moment <= len(tests) else None
