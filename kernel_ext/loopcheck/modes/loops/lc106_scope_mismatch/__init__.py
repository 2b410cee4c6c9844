"""LC106 scope-mismatch: a fixture and its test run on loops of different scopes.

What: an async fixture runs on the loop of a module, class or session, and its test on its own loop
      (or the other way round). The fixture's tasks don't run while the test runs, and never answer
      it: a TimeoutError, or a hang. Or the loop is narrower than the fixture, and pytest rejects
      it: first with `ScopeMismatch`, from then on with a bare `AssertionError`. It does the same
      where a fixture requests an async one of a narrower scope.
Why:  a fixture has two scopes: how long it lives (`scope`), and which loop it runs on
      (`loop_scope`, else the ini's `asyncio_default_fixture_loop_scope`, else `scope`). A test has
      a third: `loop_scope` of its mark, else `asyncio_default_test_loop_scope`, else function.
Fix:  set the same loop scope for the fixture and its tests, at least as wide as the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.light import replace
from loopcheck.modes._match import loop_scope, loop_words, standing, strangers
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import (
    SCOPES,
    BoundRecord,
    Evidence,
    FixtureRecord,
    Holder,
    LoopRecord,
    OwnMark,
    Place,
    Subject,
    WaitRecord,
)

CODE, SLUG = "LC106", "scope-mismatch"
SUPERSEDES = frozenset({"LC101", "LC102", "LC203", "LC604"})
SAYS = (
    "ScopeMismatch",
    "attached to a different loop",
    "is bound to a different event loop",
    "RuntimeError: Task <Task pending",
    "Event loop is closed",
    "Timeout context manager should be used inside a task",
    "another operation is in progress",
    "TimeoutError + (loop_scope=",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the fixture whose loop is not its test's loop, if that explains the failure."""
    refused = _refused(evidence)
    if refused is not None:
        yield _of_refused(refused)
    yield from _narrow_need(evidence)
    yield from _narrow_backend(evidence)
    yield from _unanswered(evidence)
    yield from _stood_still(evidence)
    if loop_words(evidence) is None:
        return
    for thing in strangers(evidence):
        home, here = _scope(thing.loop, evidence), _scope(evidence.used_on, evidence)
        if home is None or here is None:
            continue  # pytest-asyncio did not create one of the loops
        fixture, sure = _keeper(thing, home, here, evidence), True
        if fixture is None and home != here:
            fixture, sure = _maker(thing, home, evidence), False
        if fixture is not None:
            yield _of_met(thing, fixture, evidence, "certain" if sure else "likely")


# Two loops met


def _scope(loop: LoopRecord | None, evidence: Evidence) -> str | None:
    found = loop_scope(loop)
    if found is None and loop is not None and not loop.born:  # uvloop creates its loops unseen
        same = (f.loop_scope for f in evidence.fixtures if f.loop and f.loop.label == loop.label)
        test = evidence.test if loop == evidence.used_on else None
        found = next(same, test.loop_scope if test and test.phase == "call" else None)
    return found


def _keeper(thing: BoundRecord, home: str, here: str, evidence: Evidence) -> FixtureRecord | None:
    """Return the async fixture that leads to *thing*, if one of the loops is not the fixture's."""
    fixture = next((f for f in evidence.fixtures if f.name == thing.fixture), None)
    if fixture is None or fixture.loop_scope is None or {home, here} == {fixture.loop_scope}:
        return None
    test = evidence.test.loop_scope if evidence.test else None
    if fixture.loop_scope == test:  # then a fixture that uses this one is on the other loop
        names = {f.place.name for error in evidence.errors for f in error.frames}
        others = (f for f in evidence.fixtures if f.name in names and f is not fixture)
        return next((f for f in others if f.loop_scope not in (None, test)), None)
    return fixture


def _maker(thing: BoundRecord, home: str, evidence: Evidence) -> FixtureRecord | None:
    """Return the only async fixture on the loop of *thing* that used it, or may have used it."""
    test = evidence.test.loop_scope if evidence.test else None
    there = [f for f in evidence.fixtures if f.loop_scope == home != test]
    with_it = [f for f in there if thing.keeper is None or _works_with(f, thing, evidence)]
    return with_it[0] if len(with_it) == 1 else None


def _works_with(fixture: FixtureRecord, thing: BoundRecord, evidence: Evidence) -> bool:
    if thing.fixture is not None:
        return thing.fixture in fixture.needs
    name = thing.subject.name.partition(".")[0].partition("[")[0]
    place = fixture.place
    source = next((s for s in evidence.sources if place and s.file.endswith(place.file)), None)
    if source is None or place is None:
        return False
    from loopcheck.modes.loops.lc106_scope_mismatch.evidence import names_in_function

    return name in names_in_function(source.text, place.line)


def _of_met(
    thing: BoundRecord, fixture: FixtureRecord, evidence: Evidence, certainty: Certainty
) -> Finding:
    name, home, here = thing.subject.name, thing.loop, evidence.used_on
    test = evidence.test.loop_scope if evidence.test and evidence.test.loop_scope else "function"
    own = str(fixture.loop_scope)
    where = _where(fixture, evidence) or thing.kept_at or thing.made_at
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=thing.subject,
        where=where,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=str(home),
        used_on=str(here) if here else None,
        what=f"`{name}` is used on two loops, because fixture `{fixture.name}` runs on the {own}"
        f" loop and its test on the {test} loop.",
        why=_scopes(fixture, own, test),
        fix=_fix(fixture, own, test, evidence),
        remedy=_remedy(fixture, own, test, evidence),
    )


def _where(fixture: FixtureRecord, evidence: Evidence) -> Place | None:
    """Return the fixture's line, or the test's own mark if that is what should change."""
    mark = _mark_to_widen(fixture, evidence)
    return mark.place if mark is not None else fixture.place


def _mark_to_widen(fixture: FixtureRecord, evidence: Evidence) -> OwnMark | None:
    """Return the test's own mark, if the test gets the fixture's loop only from there."""
    test = evidence.test
    if test is None or test.own_mark is None or {fixture.loop_scope, test.loop_scope} - {*SCOPES}:
        return None
    if _widest(fixture, str(fixture.loop_scope), str(test.loop_scope)) == test.loop_scope:
        return None
    return test.own_mark if test.own_mark.scope or _alone(fixture, evidence) else None


def _widest(fixture: FixtureRecord, own: str, test: str) -> str:
    return max(own, test, fixture.scope, key=SCOPES.index)


def _alone(fixture: FixtureRecord, evidence: Evidence) -> OwnMark | None:
    """Return the test's own mark, if class, module or settings would give it the fixture's loop."""
    test, own = evidence.test, fixture.loop_scope
    mark = test.own_mark if test is not None else None
    if test is None or mark is None or {own, test.loop_scope} - {*SCOPES} or mark.instead != own:
        return None
    narrower = SCOPES.index(str(test.loop_scope)) < SCOPES.index(str(own))
    return mark if narrower else None


def _scopes(fixture: FixtureRecord, own: str, test: str) -> str:
    return (
        f"`{fixture.name}` has loop scope {own} (from its decorator, its scope or"
        f" `asyncio_default_fixture_loop_scope`), and the test has loop scope {test} (from its mark"
        " or `asyncio_default_test_loop_scope`)."
    )


def _fix(fixture: FixtureRecord, own: str, test: str, evidence: Evidence) -> str:
    wide = _widest(fixture, own, test)
    decorator = _decorator(fixture.scope, wide)
    if wide == test:
        return f"Put `{fixture.name}` on the loop of its tests: `{decorator}`."
    anew = (
        " Or create a new one for each test, on the test's own loop:"
        ' `@pytest_asyncio.fixture(loop_scope="function")`.'
        if test == "function"
        else ""
    )
    same = f" and `{decorator}`" if wide != own else ""
    mark = _mark_to_widen(fixture, evidence)
    if mark is not None:
        return (
            f'Set `@pytest.mark.asyncio(loop_scope="{wide}")` at {mark.place}{same}, as'
            f" `{fixture.name}` has. A test's own mark overrides the class, the module and the"
            f" settings.{anew}"
        )
    alone = (
        ", and remove any `@pytest.mark.asyncio` from the tests themselves, which would override it"
    )
    plain = f"{alone if evidence.test and evidence.test.own_mark else ''}."
    return (
        f"Run the tests that use `{fixture.name}` on its loop: set"
        f' `pytestmark = pytest.mark.asyncio(loop_scope="{wide}")`{same}{plain} For all'
        f" tests, set `asyncio_default_test_loop_scope = {wide}`.{anew}"
    )


def _remedy(fixture: FixtureRecord, own: str, test: str, evidence: Evidence) -> tuple[str, ...]:
    """Return what goes on the wide loop: "fixture", "mark", "tests", or "both"."""
    wide = _widest(fixture, own, test)
    line = str(fixture.place or "")
    if wide == test:
        return ("fixture", fixture.name, wide, line)
    what = "mark" if _mark_to_widen(fixture, evidence) else "both" if wide != own else "tests"
    return (what, fixture.name, wide, line)


def _decorator(scope: str, loop: str) -> str:
    kept = f'scope="{scope}", ' if scope != "function" else ""
    return f'@pytest_asyncio.fixture({kept}loop_scope="{loop}")'


# Two loops, and only one runs: no error, but what the test waits for never arrives


def _unanswered(evidence: Evidence) -> Iterator[Finding]:
    """Name the fixture whose task should answer the test, and whose loop does not run then."""
    test = evidence.test
    if evidence.hang is None or test is None or test.phase != "call":
        return
    for wait in evidence.hang.waits:
        for one in wait.holders:
            fixture = standing(one.fixture, one.loop, evidence)
            if fixture is None:
                continue
            found = _of_unanswered(wait, one, fixture, evidence)
            here = evidence.hang.loop
            yield replace(found, used_on=str(here)) if here else found
            return


def _of_unanswered(
    wait: WaitRecord, one: Holder, fixture: FixtureRecord, evidence: Evidence
) -> Finding:
    own = str(fixture.loop_scope)
    test = str(evidence.test.loop_scope) if evidence.test else "function"
    line = wait.stack[-1] if wait.stack else None
    waits = f"`{wait.subject.name}` from " if wait.subject else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.woken else "likely",
        subject=Subject(name=fixture.name, type="async fixture"),
        where=_where(fixture, evidence),
        used_at=line,
        made_on=str(one.loop),
        what=f"The test waits for {waits}`{one.coroutine}` of fixture `{fixture.name}`, whose"
        f" {own} loop does not run while the test runs on its {test} loop.",
        why=f"A thread runs one loop at a time. {_scopes(fixture, own, test)}",
        fix=_fix(fixture, own, test, evidence),
        remedy=_remedy(fixture, own, test, evidence),
    )


def _stood_still(evidence: Evidence) -> Iterator[Finding]:
    """Name the fixture whose task should change what the test asserts, on a loop that waits."""
    test = evidence.test.loop_scope if evidence.test else None
    for one in evidence.premature:
        fixture = standing(one.fixture, one.loop, evidence)
        if fixture is None:
            continue
        own = str(fixture.loop_scope)
        yield Finding(
            code=CODE,
            slug=SLUG,
            certainty="likely",
            subject=Subject(name=fixture.name, type="async fixture"),
            where=_where(fixture, evidence),
            used_at=one.place,
            what=f"{one.place} {'waits for' if one.polled else 'asserts'} `{one.asked}`, but"
            f" `{one.coroutine}` of fixture `{fixture.name}`, which should change it, needs the"
            f" {own} loop, and only the test's {test} loop runs.",
            why=f"A thread runs one loop at a time. {_scopes(fixture, own, str(test))}",
            fix=_fix(fixture, own, str(test), evidence),
            remedy=_remedy(fixture, own, str(test), evidence),
        )


# pytest refused to set it up


def _refused(evidence: Evidence) -> FixtureRecord | None:
    """Return the fixture that would outlive its own loop, if pytest refused it for that."""
    machinery = bool(evidence.errors) and evidence.errors[0].owner == "machinery"
    seen = evidence.set_up
    if seen is None or seen.narrower is not None or evidence.lookup is not None or not machinery:
        return None
    fixture = seen.fixture
    if fixture.loop_scope not in SCOPES or fixture.scope not in SCOPES:
        return None
    narrow = SCOPES.index(fixture.loop_scope) < SCOPES.index(fixture.scope)
    return fixture if narrow else None


def _of_refused(fixture: FixtureRecord) -> Finding:
    name, scope, loop = fixture.name, fixture.scope, fixture.loop_scope
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type="async fixture"),
        where=fixture.place,
        what=f"Fixture `{name}` has scope {scope}, but its loop only has scope {loop} and would"
        " close while the fixture is still in use.",
        why=f"pytest does not let a {scope}-scoped fixture use a {loop}-scoped one, and"
        " pytest-asyncio provides the loop as a fixture. pytest 9 gives the reason once; later"
        " tests that need the fixture get a bare `AssertionError`.",
        fix=f"Set both scopes: `{_decorator(scope, scope)}`, and for its tests"
        f' `pytestmark = pytest.mark.asyncio(loop_scope="{scope}")`. Or remove `scope`, for one'
        f" `{name}` per test.",
        remedy=("both", name, scope, str(fixture.place or "")),
    )


def _narrow_need(evidence: Evidence) -> Iterator[Finding]:
    """Name the fixture that requests an async one of a narrower scope."""
    seen = evidence.set_up
    if seen is None or seen.narrower is None or not seen.narrower.asynchronous:
        return
    name, scope = seen.fixture.name, seen.fixture.scope
    need, narrow = seen.narrower.name, seen.narrower.scope
    wide = _decorator(scope, scope) if seen.narrower.loop_scope else f'scope="{scope}"'
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type=f"{'async ' if seen.fixture.asynchronous else ''}fixture"),
        where=seen.fixture.place,
        made_at=seen.narrower.place,
        what=f"Fixture `{name}` has scope {scope}, but requests the async fixture `{need}`, which"
        f" only has scope {narrow}.",
        why=f"pytest does not let a {scope}-scoped fixture use a {narrow}-scoped one: it would keep"
        f" what `{need}` gave it after `{need}` has ended.",
        fix=f'Give `{name}` the same scope: `scope="{narrow}"`. Or give `{need}` the wider one:'
        f" `{wide}`.",
        remedy=("scope", name, narrow),
    )


def _narrow_backend(evidence: Evidence) -> Iterator[Finding]:
    """Name `anyio_backend` if it has a narrower scope than the fixture that anyio runs with it."""
    seen = evidence.set_up
    if seen is None or seen.backend is None or seen.form == "plain" or evidence.lookup is not None:
        return
    fixture, backend = seen.fixture, seen.backend
    if fixture.loop_scope is not None or not {fixture.scope, backend.scope} <= {*SCOPES}:
        return
    if SCOPES.index(backend.scope) < SCOPES.index(fixture.scope):
        yield _of_narrow_backend(fixture, backend)


def _of_narrow_backend(fixture: FixtureRecord, backend: FixtureRecord) -> Finding:
    name, scope = fixture.name, fixture.scope
    users = backend.place is not None
    give = "Give `anyio_backend`" if users else "Define `anyio_backend` in your `conftest.py` with"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type="async fixture"),
        where=backend.place or fixture.place,
        made_at=fixture.place if users else None,
        what=f"Fixture `{name}` has scope {scope}, but `anyio_backend`, which selects the loop"
        f" that anyio runs it on, only has scope {backend.scope}.",
        why=f"anyio requests `anyio_backend` for each async fixture, and pytest does not let a"
        f" {scope}-scoped fixture use a {backend.scope}-scoped one. pytest 9 gives the reason once;"
        " later tests that need the fixture get a bare `AssertionError`.",
        fix=f'{give} the same scope: `@pytest.fixture(scope="{scope}")`. Or remove `scope`, for one'
        f" `{name}` per test.",
        remedy=("scope", "anyio_backend", scope) if users else (),
    )
