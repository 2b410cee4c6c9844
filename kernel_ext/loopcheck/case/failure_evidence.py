"""Gathers the Evidence of one failure: the only place where live objects meet records."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from loopcheck.case import loop_mismatch_evidence
from loopcheck.case.live import Live, LiveQuestions
from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import failure, objects
from loopcheck.process.doubles import double_makers, dropped_results, failing_doubles
from loopcheck.process.errors import kept_errors
from loopcheck.process.loops import loop_meetings, loop_policies, loop_wishes
from loopcheck.process.patches.replaced import Entry
from loopcheck.process.pending import held_coroutines
from loopcheck.process.stores import (
    endpoints,
    leftover_data,
)
from loopcheck.records import (
    DirtRecord,
    DoubleRecord,
    Evidence,
    FixtureRecord,
    NestedRun,
    Phase,
    TestRecord,
)
from loopcheck.runner import asyncio_marks, fixtures, loop_scopes, session, written_fixtures
from loopcheck.source import failing_line, parsed_files
from loopcheck.source.catching import swallowing_handlers
from loopcheck.source.coroutines import nested_runs
from loopcheck.watch import mock_makers, patches, swallowed

T = TypeVar("T")
NO_LOOPS: dict[str, asyncio.AbstractEventLoop] = {}
TOLD = frozenset({"await", "async with", "async for", "result"})


def of_failure(
    error: BaseException,
    labels: Labels,
    item: Any = None,
    phase: Phase = "call",
    loop: asyncio.AbstractEventLoop | None = None,
    warned: Iterable[Any] = (),
    tests: Sequence[str] = (),
) -> Evidence:
    """Return all that can be seen of *error* now, while its frames and loops still exist.

    *loop* is the one that the failing code ran on, if its frames do not show it. *warned* has the
    warnings of the test so far, *tests* the ids of the tests that have begun.
    """
    notes: list[str] = []
    nothing: tuple[BaseException, ...] = ()
    logged = _guarded(lambda: swallowing_handlers.logged(item), nothing, "log", notes)
    links = tuple(failure.chain(error, logged))
    open_loops = _guarded(lambda: _runners(item), NO_LOOPS, "loops of pytest-asyncio", notes)
    loop = loop or open_loops.get(str(loop_scopes.of_test(item)))
    met, told = _met(links, logged, item, loop, notes)
    in_words = loop_mismatch_evidence.in_words_of(met, labels)
    seen = _guarded(lambda: session.read(links, item, labels), session.Seen(), "session", notes)
    return Evidence(
        test=_guarded(lambda: _test(item, phase, labels), None, "test", notes),
        errors=tuple(failure.read_error(link, labels) for link in (*links, *told)),
        used_on=in_words(met.used_on) if met and met.used_on else None,
        bound=_guarded(
            lambda: loop_mismatch_evidence.bound(met, item, labels, in_words), (), "names", notes
        ),
        fixtures=_guarded(lambda: _fixtures(met, item, labels, in_words), (), "fixtures", notes),
        sources=loop_mismatch_evidence.sources(met),
        item=seen.item,
        set_up=seen.set_up,
        lookup=seen.lookup,
        session=seen.session,
        nested=_nested(links, labels, in_words) or _nested(told, labels, in_words),
        refusal=_guarded(lambda: loop_policies.read(links, item, labels), None, "policy", notes),
        loop_wish=_guarded(lambda: loop_wishes.read(links, item, labels), None, "wish", notes),
        endpoint=_guarded(lambda: endpoints.read(links, item, labels), None, "address", notes),
        dirt=_guarded(lambda: _dirt(links, item, phase, labels), None, "stores", notes),
        doubles=_guarded(lambda: _doubles(links, item, labels, warned), (), "doubles", notes),
        swallowed=_guarded(
            lambda: swallowing_handlers.of_failure(links, item, _handled(), labels),
            (),
            "except",
            notes,
        ),
        questions=LiveQuestions(
            Live(
                error=error,
                links=links,
                item=item,
                phase=phase,
                labels=labels,
                loop=loop,
                tests=tests,
            )
        ),
        notes=tuple(notes),  # last: every probe has run by then
    )


def _met(
    links: Sequence[failure.Link],
    logged: Sequence[BaseException],
    item: Any,
    loop: asyncio.AbstractEventLoop | None,
    notes: list[str],
) -> tuple[loop_meetings.Meeting | None, tuple[failure.Link, ...]]:
    """Return what met another loop, and the errors that show it, if the failing ones do not."""
    met = next((m for link in links if (m := loop_meetings.read(link, loop)) is not None), None)
    if met is not None:
        return met, ()
    nothing: tuple[BaseException, ...] = ()
    others = logged if type(links[0].error) is AssertionError else nothing
    kept = _guarded(lambda: _kept(links[0], item, loop), nothing, "kept errors", notes)
    told: tuple[failure.Link, ...] = ()
    told = _guarded(lambda: _told((*others, *kept), loop, links[0]), told, "log", notes)
    return next(
        (m for link in told if (m := loop_meetings.read(link, loop)) is not None), None
    ), told


def _doubles(
    links: Sequence[failure.Link], item: Any, labels: Labels, warned: Iterable[Any]
) -> tuple[DoubleRecord, ...]:
    """Return the mock that the failing line came upon, or one that the log mentions.

    Code that awaits a mock which cannot be awaited is never intended: it is part of the cause.
    """
    told = swallowing_handlers.behind(links[0].error, item)
    entries = tuple(patches.seen(_monkeys(item)))
    for chain in (links, *(tuple(failure.chain(one)) for one in told)):
        found = failing_doubles.read(
            chain, item, labels, mock_makers.made_at, lambda: _mocks(item), entries, warned
        )
        if found and (chain is links or found[0].wanted in TOLD):
            return found
    return _kept_results(links, item, labels, entries)


def _kept_results(
    links: Sequence[failure.Link], item: Any, labels: Labels, entries: tuple[Entry, ...]
) -> tuple[DoubleRecord, ...]:
    """Return the first mock whose coroutine the objects of the failing lines keep as a result."""
    frames = [step.frame for step in links[0].users]
    coroutines = held_coroutines.find(frames, of_mocks=True) if _mocks(item) else ()
    if not coroutines:
        return ()
    puts = double_makers.puts(entries)
    look = failing_line.Look(item=item, made_at=mock_makers.made_at, made=list, puts=puts)
    found = (dropped_results.kept(one, look, labels) for one in coroutines)
    return tuple(islice(filter(None, found), 1))


def _mocks(item: Any) -> list[object]:
    """Return the mocks that the running test may use.

    The error of an earlier test keeps that test's mocks alive. They count only if a wider fixture
    of this test, a class or a module created them: then they may serve several tests.
    """
    names = objects.peek(item, "fixturenames") if item is not None else None
    used = names if type(names) is list else None
    return [
        one
        for one in mock_makers.made()
        if mock_makers.in_this_test(one) or _serves_several_tests(mock_makers.made_at(one), used)
    ]


def _serves_several_tests(line: tuple[str, int] | None, used: list[str] | None) -> bool:
    """Return whether the function around *line*, or a fixture of *used*, serves several tests."""
    blocks = parsed_files.enclosing(*line) if line is not None else []
    for one in blocks:
        written = written_fixtures.read_fixture(one)
        if written is not None:
            wide = written.scope != "function"
            return wide and (used is None or (written.named or one.name) in used)
        if one.name.lower().startswith("setup"):
            return one.name.lower().removeprefix("setup").strip("_") in ("class", "module")
    return not blocks


def _kept(
    link: failure.Link, item: Any, loop: asyncio.AbstractEventLoop | None
) -> tuple[BaseException, ...]:
    """Return the errors that tasks and objects of the failing lines keep, from this test alone."""
    if link.trace and link.trace[-1].owner != "user":
        return ()
    found = list(kept_errors.of_tasks(link.trace, loop))
    if loop_scopes.of_test(item) == "function":  # a wider loop ran for other tests too
        found += kept_errors.of_objects(link.trace, loop)
    return tuple(found)


def _told(
    logged: Sequence[BaseException],
    loop: asyncio.AbstractEventLoop | None,
    failed: failure.Link,
) -> tuple[failure.Link, ...]:
    """Return the first *logged* error that met another loop: the code went on without it."""
    for error in logged:
        outer = failed.trace if kept_errors.below(failed.trace, error) else ()
        links = tuple(failure.chain(error, outer=outer))
        if any(loop_meetings.read(one, loop) or nested_runs.read(one) for one in links):
            return links
    return ()


def _monkeys(item: Any) -> Iterator[object]:
    given = objects.peek(item, "funcargs") if item is not None else None
    for value in list(given.values()) if type(given) is dict else ():
        if objects.type_name(value) == "_pytest.monkeypatch.MonkeyPatch":
            yield value


def _handled() -> tuple[swallowed.Entry, ...]:
    made = sys.modules.get("loopcheck.watch.stores.store_errors")  # loaded with the first store
    return (*swallowed.taken(), *(made.taken() if made is not None else ()))


def _dirt(
    links: Sequence[failure.Link], item: Any, phase: Phase, labels: Labels
) -> DirtRecord | None:
    seen = sys.modules.get("loopcheck.watch.stores.leftovers")
    met = seen.met() if seen is not None and phase == "call" else ()
    return leftover_data.read(links, item, met, labels) if met else None


def _runners(item: Any) -> dict[str, asyncio.AbstractEventLoop]:
    return fixtures.runners(item) if item is not None else {}


def _test(item: Any, phase: Phase, labels: Labels) -> TestRecord | None:
    if item is None:
        return None
    return replace(
        fixtures.read_test(item, phase, labels), own_mark=asyncio_marks.read(item, labels)
    )


def _fixtures(
    met: loop_meetings.Meeting | None,
    item: Any,
    labels: Labels,
    in_words: loop_mismatch_evidence.InWords,
) -> tuple[FixtureRecord, ...]:
    if item is None or met is None:
        return ()
    loops = {scope: in_words(loop) for scope, loop in _runners(item).items()}
    return fixtures.read_fixtures(item, labels, loops)


def _guarded(look: Callable[[], T], otherwise: T, subject: str, notes: list[str]) -> T:
    """Return what *look* sees. A probe that fails must not take the others with it."""
    try:
        return look()
    except Exception as error:
        notes.append(f"{subject}: could not look, {type(error).__name__}")
        return otherwise


def _nested(
    links: Sequence[failure.Link], labels: Labels, in_words: loop_mismatch_evidence.InWords
) -> NestedRun | None:
    """Return the first loop that was to start inside a running one."""
    found = []
    for link in links:
        if (one := nested_runs.read(link)) is not None:
            found.append(one)
        elif not failure.passed_on(link):
            break  # it failed for a reason of its own; the errors after it were caught before
    if not found:
        return None
    first = found[-1]  # a `with` may raise later, on its way out, and hide it
    code = first.user.frame.f_code if first.user else None
    return NestedRun(
        call=first.call,
        coroutine=first.coroutine,
        called_at=first.user.place(labels) if first.user else None,
        of_library=first.of_library,
        in_a_thread=first.in_a_thread,
        synchronous=code is not None and not code.co_flags & inspect.CO_COROUTINE,
        running=in_words(first.running) if first.running else None,
        local=code is not None
        and first.user is not None
        and parsed_files.defined_within(
            code.co_filename, first.user.place(labels).line, first.coroutine or ""
        ),
    )
