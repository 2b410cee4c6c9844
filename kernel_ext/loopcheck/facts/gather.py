"""Gathers the Evidence of one failure: the only place where live objects meet records."""

import asyncio
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from loopcheck.facts import scopes
from loopcheck.facts.labels import Labels
from loopcheck.facts.light import replace
from loopcheck.facts.probes import (
    awaits,
    dirt,
    endpoints,
    failure,
    fixtures,
    handed_in,
    kept_errors,
    loop_wishes,
    loops,
    missed,
    names,
    objects,
    own_loops,
    own_marks,
    ownership,
    policies,
    registered,
    removals,
    session,
    source,
    stand_ins,
    stumbles,
    swallows,
    undecoded,
)
from loopcheck.facts.records import (
    BoundRecord,
    DirtRecord,
    DoubleRecord,
    Evidence,
    FixtureRecord,
    LockRecord,
    LoopRecord,
    NestedRun,
    Phase,
    Place,
    SourceRecord,
    Subject,
    TestRecord,
)
from loopcheck.facts.watch import mocks, patches, swallowed
from loopcheck.facts.watch.loops import LEDGER

T = TypeVar("T")
InWords = Callable[[asyncio.AbstractEventLoop], LoopRecord]
NO_LOOPS: dict[str, asyncio.AbstractEventLoop] = {}
TOLD = frozenset({"await", "async with", "async for", "result"})
CONSTRUCTORS = ("__init__", "__new__", "__post_init__")
USER_FRAMES = 8  # innermost frames of the user's in which names are searched for


def of_failure(
    error: BaseException,
    labels: Labels,
    item: Any = None,
    phase: Phase = "call",
    loop: asyncio.AbstractEventLoop | None = None,
    warned: Iterable[Any] = (),
) -> Evidence:
    """Return all that can be seen of *error* now, while its frames and loops are there.

    *loop* is the one that the failing code ran on, where no frame of it is known to tell. *warned*
    are the warnings of the test so far.
    """
    notes: list[str] = []
    nothing: tuple[BaseException, ...] = ()
    logged = _guarded(lambda: swallows.logged(item), nothing, "log", notes)
    links = tuple(failure.chain(error, logged))
    open_loops = _guarded(lambda: _runners(item), NO_LOOPS, "loops of pytest-asyncio", notes)
    loop = loop or open_loops.get(str(scopes.of_test(item)))
    met = next((m for link in links if (m := failure.meeting(link, loop)) is not None), None)
    told: tuple[failure.Link, ...] = ()
    if met is None:
        others = logged if type(error) is AssertionError else nothing
        kept = _guarded(lambda: _kept(links[0], item, loop), nothing, "kept errors", notes)
        told = _guarded(lambda: _told((*others, *kept), loop, links[0]), (), "log", notes)
        met = next((m for link in told if (m := failure.meeting(link, loop)) is not None), None)
    in_words = _in_words(met, labels)
    seen = _guarded(lambda: session.read(links, item, labels), session.Seen(), "session", notes)
    return Evidence(
        test=_guarded(lambda: _test(item, phase, labels), None, "test", notes),
        errors=tuple(failure.read_error(link, labels) for link in (*links, *told)),
        used_on=in_words(met.used_on) if met and met.used_on else None,
        bound=_guarded(lambda: _bound(met, item, labels, in_words), (), "names", notes),
        fixtures=_guarded(lambda: _fixtures(met, item, labels, in_words), (), "fixtures", notes),
        sources=_sources(met),
        notes=tuple(notes),
        item=seen.item,
        set_up=seen.set_up,
        lookup=seen.lookup,
        session=seen.session,
        nested=_nested(links, labels, in_words) or _nested(told, labels, in_words),
        removed=_guarded(lambda: removals.read(links, labels), None, "removed names", notes),
        refusal=_guarded(lambda: policies.read(links, item, labels), None, "policy", notes),
        loop_wish=_guarded(lambda: loop_wishes.read(links, item, labels), None, "wish", notes),
        metric=_guarded(lambda: registered.read(links, labels), None, "metrics", notes),
        missed=_guarded(lambda: missed.read(links, item, labels), None, "errors", notes),
        endpoint=_guarded(lambda: endpoints.read(links, item, labels), None, "address", notes),
        lock=_guarded(lambda: _lock(links, item, labels), None, "locks", notes),
        dirt=_guarded(lambda: _dirt(links, item, phase, labels), None, "stores", notes),
        undecoded=_guarded(lambda: undecoded.read(links, item, labels), None, "bytes", notes),
        doubles=_guarded(lambda: _doubles(links, item, labels, warned), (), "doubles", notes),
        stand_in=_guarded(lambda: stand_ins.read(links, item, labels), None, "clients", notes),
        swallowed=_guarded(
            lambda: swallows.of_failure(links, item, _handled(), labels), (), "except", notes
        ),
    )


def _doubles(
    links: Sequence[failure.Link], item: Any, labels: Labels, warned: Iterable[Any]
) -> tuple[DoubleRecord, ...]:
    """Return the double that the failing line stumbled over, or one that the log tells of.

    Nobody doubles wrongly on purpose: what was awaited there and can't be had its part in it.
    """
    told = swallows.behind(links[0].error, item)
    entries = tuple(patches.seen(_monkeys(item)))
    for chain in (links, *(tuple(failure.chain(one)) for one in told)):
        found = stumbles.read(chain, item, labels, mocks.made_at, mocks.made, entries, warned)
        if found and (chain is links or found[0].wanted in TOLD):
            return found
    return ()


def _kept(
    link: failure.Link, item: Any, loop: asyncio.AbstractEventLoop | None
) -> tuple[BaseException, ...]:
    """Return the errors that tasks and objects of the failing lines keep, of this test alone."""
    if link.trace and link.trace[-1].owner != "user":
        return ()
    found = list(kept_errors.of_tasks(link.trace, loop))
    if scopes.of_test(item) == "function":  # a wider loop ran for other tests, too
        found += kept_errors.of_objects(link.trace, loop)
    return tuple(found)


def _told(
    logged: Sequence[BaseException],
    loop: asyncio.AbstractEventLoop | None,
    failed: failure.Link,
) -> tuple[failure.Link, ...]:
    """Return the first error of those *logged* that met another loop: the code went on without."""
    for error in logged:
        outer = failed.trace if kept_errors.below(failed.trace, error) else ()
        links = tuple(failure.chain(error, outer=outer))
        if any(failure.meeting(one, loop) or failure.nested(one) for one in links):
            return links
    return ()


def _monkeys(item: Any) -> Iterator[object]:
    given = objects.peek(item, "funcargs") if item is not None else None
    for value in list(given.values()) if type(given) is dict else ():
        if objects.type_name(value) == "_pytest.monkeypatch.MonkeyPatch":
            yield value


def _lock(links: Sequence[failure.Link], item: Any, labels: Labels) -> LockRecord | None:
    seen = sys.modules.get("loopcheck.facts.watch.locks")  # loaded with the first store
    return ownership.read(links, item, seen.events() if seen is not None else (), labels)


def _handled() -> tuple[swallowed.Entry, ...]:
    made = sys.modules.get("loopcheck.facts.watch.store_errors")  # loaded with the first store
    return swallowed.taken() or (made.taken() if made is not None else ())


def _dirt(
    links: Sequence[failure.Link], item: Any, phase: Phase, labels: Labels
) -> DirtRecord | None:
    seen = sys.modules.get("loopcheck.facts.watch.remains")
    met = seen.met() if seen is not None and phase == "call" else ()
    return dirt.read(links, item, met, labels) if met else None


def _runners(item: Any) -> dict[str, asyncio.AbstractEventLoop]:
    return fixtures.runners(item) if item is not None else {}


def _test(item: Any, phase: Phase, labels: Labels) -> TestRecord | None:
    if item is None:
        return None
    return replace(fixtures.read_test(item, phase, labels), own_mark=own_marks.read(item, labels))


def _fixtures(
    met: failure.Meeting | None, item: Any, labels: Labels, in_words: InWords
) -> tuple[FixtureRecord, ...]:
    if item is None or met is None:
        return ()
    loops = {scope: in_words(loop) for scope, loop in _runners(item).items()}
    return fixtures.read_fixtures(item, labels, loops)


def _guarded(look: Callable[[], T], otherwise: T, subject: str, notes: list[str]) -> T:
    """Return what *look* sees. One probe that fails must not take the others with it."""
    try:
        return look()
    except Exception as error:
        notes.append(f"{subject}: could not look, {type(error).__name__}")
        return otherwise


def _in_words(met: failure.Meeting | None, labels: Labels) -> InWords:
    def in_words(loop: asyncio.AbstractEventLoop) -> LoopRecord:
        known = LEDGER.find(loop)
        return loops.read_loop(loop, labels, known, words=loops.of_cells(loop, known))

    if met is not None:  # numbers in order of birth: the older loop is loop 1
        both = [loop for loop in (met.home, met.used_on) if loop is not None]
        for loop in sorted(both, key=_birth):
            in_words(loop)
    return in_words


def _birth(loop: asyncio.AbstractEventLoop) -> int:
    entry = LEDGER.find(loop)
    return entry.serial if entry else 0


def _bound(
    met: failure.Meeting | None,
    item: Any,
    labels: Labels,
    in_words: InWords,
) -> tuple[BoundRecord, ...]:
    if met is None:
        return ()
    used_at = _used_at(met, labels)
    targets = met.targets
    way = names.find(_roots(met, item), targets)
    if way is None:
        way = names.find(names.other_globals(_searched(met)), targets)
    elif way.root.keeper == "local":  # a stub, say, that a test got from the channel of another
        kept = names.keeper_of(met.home, _roots(met, item))
        way, targets = kept or (_elsewhere(way, met, targets), targets)
    loop = in_words(met.home)
    if way is None:
        thing = met.targets[-1] if met.targets else met.witness
        kind = objects.type_name(thing)
        name = "loop" if objects.is_loop(thing) else kind.rpartition(".")[2]
        subject = Subject(name=name, type=kind)
        return (
            BoundRecord(
                subject=subject,
                loop=loop,
                witness=objects.type_name(met.witness),
                used_at=used_at,
                pool=_pool(kind),
            ),
        )
    default = names.of_default(way, labels) is not None
    kinds = [objects.type_name(thing) for thing in way.things]
    target = targets[way.target]
    own_loop, closed_at = _own_loop(way.things[0], met, labels)
    path = f"{way.path}._loop" if objects.peek(target, "_loop") is not None else way.path
    return (
        BoundRecord(
            subject=Subject(name=way.name, type=kinds[0], path=path),
            loop=loop,
            witness=objects.type_name(met.witness),
            keeper="default" if default else way.root.keeper,
            fixture=None if default else _fixture(way.root, item, labels),
            kept_at=names.kept_at(way, labels),
            made_at=handed_in.maker(names.made_at(way, labels), labels),
            used_at=used_at,
            pool=any(map(_pool, kinds)),
            own_loop=own_loop,
            closed_at=closed_at,
            stuck=_stuck(met.home, loop, target),
        ),
    )


def _own_loop(thing: object, met: failure.Meeting, labels: Labels) -> tuple[bool, Place | None]:
    """Return whether *thing* itself made the loop that it works on, and who had it closed."""
    known = LEDGER.find(met.home) if not objects.is_loop(thing) else None
    block = own_loops.made_by(thing, known.callers) if known is not None else None
    if known is None or block is None:
        return False, None
    return True, own_loops.closed_at(block, known.callers, known.closers, met.user, labels)


def _elsewhere(way: names.Way, met: failure.Meeting, targets: Sequence[object]) -> names.Way:
    """Return the way from a global of another module, where *way* begins at what it gave away.

    That is an engine or pool; or anything, if its loop was closed before this test began: no line
    of the test made it.
    """
    kind = objects.type_name(way.root.value)
    known = LEDGER.find(met.home)
    gone = known is not None and known.died is not None and known.died < LEDGER.moment
    if not (gone or kind.startswith("sqlalchemy.") or _pool(kind)):
        return way
    others = names.other_globals(_searched(met))
    those = (one for one in others if gone or _pool(objects.type_name(one.value)))
    return names.find(those, targets) or way


def _fixture(root: names.Root, item: Any, labels: Labels) -> str | None:
    """Return the fixture whose value, or whose own local, *root* is."""
    if root.keeper == "fixture":
        return root.name
    function = source.function_at(root.filename, root.line) if root.keeper == "local" else None
    if function is None or item is None:
        return None
    here = (labels.file(root.filename), function.lineno)
    for name, definition in fixtures.definitions(item).items():
        place = fixtures.place(definition, labels)
        if place is not None and (place.file, place.line) == here:
            return name  # while it is torn down it has no value any more
    return None


def _nested(links: Sequence[failure.Link], labels: Labels, in_words: InWords) -> NestedRun | None:
    """Return the first of the loops that were to be started inside a running one."""
    found = []
    for link in links:
        if (one := failure.nested(link)) is not None:
            found.append(one)
        elif not failure.passed_on(link):
            break  # it failed for a reason of its own; what follows was caught before
    if not found:
        return None
    first = found[-1]  # what a `with` says on its way out comes later, and hides it
    code = first.user.frame.f_code if first.user else None
    return NestedRun(
        call=first.call,
        coroutine=first.coroutine,
        called_at=_place(first.user, labels) if first.user else None,
        of_library=first.of_library,
        in_a_thread=first.in_a_thread,
        synchronous=code is not None and not code.co_flags & inspect.CO_COROUTINE,
        running=in_words(first.running) if first.running else None,
    )


def _place(step: failure.Step, labels: Labels) -> Place:
    code = step.frame.f_code
    return Place(labels.file(code.co_filename), step.line, code.co_name)


def _stuck(loop: asyncio.AbstractEventLoop, said: LoopRecord, thing: object) -> bool:
    if objects.closed(loop):  # a task that never began: nobody ran it before, either
        return objects.is_a(thing, asyncio.Task) and awaits.is_new(asyncio.Task.get_coro(thing))
    of_an_object = said.made_at is not None and said.made_at.name in CONSTRUCTORS
    idle = objects.peek(loop, "_thread_id") is None and not objects.closed(loop)
    return idle and (of_an_object or bool(objects.peek(loop, "_ready")))


def _roots(met: failure.Meeting, item: Any) -> Iterator[names.Root]:
    if item is not None:
        yield from fixtures.roots(item)
        yield from fixtures.given_on(item)
    for step in met.user[:USER_FRAMES]:
        yield from names.roots_of(step.frame, step.line)


def _searched(met: failure.Meeting) -> set[str]:
    return {step.frame.f_code.co_filename for step in met.user[:USER_FRAMES]}


def _used_at(met: failure.Meeting, labels: Labels) -> Place | None:
    if not met.user:
        return None
    return _place(met.user[0], labels)


def _pool(kind: str) -> bool:
    """Return whether *kind* is a database pool: what outlives its loop there is LC604."""
    return kind.startswith(("asyncpg.pool.", "sqlalchemy."))


def _sources(met: failure.Meeting | None) -> tuple[SourceRecord, ...]:
    found = sorted(_searched(met)) if met is not None else []
    return tuple(SourceRecord(file=name, text=source.text(name)) for name in found)
