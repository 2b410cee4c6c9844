"""Finds the code that holds an exhausted pool's connections or a file's lock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, object_names
from loopcheck.process.databases import (
    connection_names,
    connection_takers,
    exhausted_pools,
    table_statements,
)
from loopcheck.process.objects import peek
from loopcheck.records import ExhaustedPool, HeldConnection, Place
from loopcheck.runner import fixtures
from loopcheck.source.nodes import body_spans_line
from loopcheck.watch.loops import LEDGER
from loopcheck.watch.stores import databases as watch
from loopcheck.watch.stores import sockets, write_locks

SHOWN = 5
LASTING = (".PubSub.", ".Monitor.")  # these keep a connection from one call to the next
Lines = tuple[tuple[Any, int, bool], ...]


def read(
    error: BaseException, item: Any, tests: Sequence[str], labels: Labels
) -> ExhaustedPool | None:
    """Return the pool, server or file that had nothing left, with all that hold it."""
    for link in connection_names.passed_on(error):
        out = exhausted_pools.of(link)
        if out is None:
            continue
        taken = list(_taken(out, item))
        working = not any(kept for _, _, kept in taken)
        if working and (not out.said or out.refused is not None):
            return None  # the holders are still working, and release them
        steps = link.users
        holders = _holders(taken, item, tests, labels, steps, writes=out.refused is not None)
        if out.refused is not None and not holders:
            return None  # only libraries wrote to the file
        return ExhaustedPool(
            thing=_name(out.pool, steps, item, labels) if out.pool is not None else None,
            most=exhausted_pools.most(out.pool),
            used_at=connection_names.used_at(link, labels),
            holders=holders,
            server=out.pool is None and out.refused is None,
            said=out.said,
            file=table_statements.of_aiosqlite(out.refused)[1] if out.refused is not None else None,
        )
    return None


def _name(pool: Any, steps: Sequence[failure.Step], item: Any, labels: Labels) -> Any:
    return connection_names.named([pool], steps, item, labels)


def _taken(out: exhausted_pools.Out, item: Any) -> Iterator[tuple[Lines, int, bool]]:
    """Yield the lines that took each connection, when, and whether it will not come back."""
    now = LEDGER.moment
    fixture_codes = set(fixtures.codes(item))
    if out.refused is not None:
        met = write_locks.holder_met_by(out.refused)
        if met is not None:
            site, own = met.holder, met.holder.task in met.tasks
            fixture = any(code in fixture_codes for code, *_ in site.lines)
            yield site.lines, site.moment, site.moment < now or own or fixture
        return
    if out.pool is None:
        for open_one in sockets.still_open("asyncpg."):
            yield open_one.lines, open_one.born, True
    for opened in _keepers(out):
        yield opened.lines, opened.born, True
    if out.pool is not None:
        waiting = _waiting(out.pool)
        for key, site in watch.JOURNAL.waited.get(id(out.pool), ()):
            # A task that holds one connection and waits for another releases nothing; nor does an
            # ended task.
            own = site.task in waiting
            still = out.said and watch.JOURNAL.taken.get(key) is site
            fixture = any(code in fixture_codes for code, *_ in site.lines)
            kept = site.moment < now or own or still or fixture
            yield site.lines, site.moment, kept


def _keepers(out: exhausted_pools.Out) -> list[sockets.Site]:
    """Return the sites that opened the connections of a store's pool and have them now.

    A command may open a connection and release it, and a subscription then take it: the
    subscription has it now.
    """
    transports = [peek(peek(one, "_writer"), "_transport") for one in out.taken]
    sites = [sockets.site_of(one) for one in transports if one is not None]
    opened = [site for site in sites if site is not None]
    return [site for site in opened if any(map(site.library.__contains__, LASTING))] or opened


def _waiting(pool: object) -> set[int | None]:
    """Return the tasks that waited for *pool* in this test, and those that wait for them."""
    asked = watch.JOURNAL.waiting.get(id(pool), {})
    now = {task: waiters for task, (moment, waiters) in asked.items() if moment == LEDGER.moment}
    return {*now, *(one for waiters in now.values() for one in waiters)} - {None}


def _holders(
    taken: Sequence[tuple[Lines, int, bool]],
    item: Any,
    tests: Sequence[str],
    labels: Labels,
    steps: Sequence[failure.Step],
    *,
    writes: bool,
) -> tuple[HeldConnection, ...]:
    found: dict[tuple[str, int], tuple[HeldConnection, int]] = {}
    for all_lines, moment, kept in sorted(taken, key=lambda one: one[1]):  # the oldest is shown
        lines = _outside_helpers(all_lines)
        done = connection_names.done_at(lines, moment, tests, item, labels)
        if done is None:
            continue
        key = done.place.file, done.place.line
        if key in found:
            found[key] = found[key][0], found[key][1] + 1
            continue
        helped = len(lines) < len(all_lines)
        name, made_at = _taker(lines, moment, item, tests, labels, helped=helped)
        one = HeldConnection(taken=done, name=name, made_at=made_at, kept=kept)
        over = moment < LEDGER.moment  # so its block has ended too
        lender = _lender(lines[0][0].co_filename, made_at, labels) if over and made_at else None
        if writes:
            inside = _after(all_lines, steps, labels) if not over else None
        else:
            inside = _inside(lines[0][0], made_at, steps, labels) if not over and made_at else None
        found[key] = replace(one, lender=lender, inside=inside), 1
    held = [replace(one, count=count) for one, count in found.values()]
    return tuple(sorted(held, key=lambda one: (not one.kept, -one.count))[:SHOWN])


def _inside(
    code: Any, made_at: Place, steps: Sequence[failure.Step], labels: Labels
) -> Place | None:
    """Return the line of the failing *steps* in the block that begins at *made_at*."""
    for step in steps:
        block = connection_takers.block_at(code, made_at.line)
        if step.frame.f_code is code and block and body_spans_line(block.body, step.line):
            return step.place(labels)
    return None


def _after(lines: Lines, steps: Sequence[failure.Step], labels: Labels) -> Place | None:
    """Return the failing line of the call that had passed *lines* before: where their ways part."""
    outwards = [code for code, *_ in lines]
    inwards = [step for step in reversed(steps) if step.frame.f_code in outwards]
    for (code, line, _), step in zip(reversed(lines), inwards, strict=False):
        if step.frame.f_code is not code:
            return None
        if step.line != line:
            return step.place(labels)
    return None


def _outside_helpers(lines: Lines) -> Lines:
    """Return *lines* without helpers that only `return` what they take: the caller names it."""
    while len(lines) > 1 and lines[0][2]:
        code, line, _ = lines[0]
        if not connection_takers.hands_on(code.co_filename, line):
            break
        lines = lines[1:]
    return lines


def _lender(filename: str, made_at: Place, labels: Labels) -> Place | None:
    """Return the user's own context manager that provides the name at *made_at*."""
    if labels.file(filename) != made_at.file or made_at.line is None:
        return None
    own = connection_takers.lender(filename, made_at.line)
    if own is None:
        return None
    code = own.__code__
    line = object_names.def_line(code.co_filename, code.co_firstlineno)
    return Place(labels.file(code.co_filename), line, code.co_name)


def _taker(
    lines: Lines, moment: int, item: Any, tests: Sequence[str], labels: Labels, *, helped: bool
) -> tuple[str | None, Place | None]:
    """Return what keeps the connection: the name that the line assigns or starts with."""
    code, line, _ = lines[0]
    name, made = connection_takers.at(code.co_filename, line, helped=helped)
    if name is None or made is not None:
        place = Place(labels.file(code.co_filename), made, code.co_name) if made else None
        return name, place
    items = getattr(getattr(item, "session", None), "items", None) or ()
    test = tests[moment - 1] if 0 < moment <= len(tests) else None
    ran = next((one for one in items if str(one.nodeid) == test), item)
    definition = fixtures.definitions(ran).get(name) if ran is not None else None
    return name, fixtures.place(definition, labels) if definition is not None else None
