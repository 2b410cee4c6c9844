"""LC302 event-loop-fixture: asks for or redefines `event_loop`, which pytest-asyncio 1.0 removed.

What: a test or fixture asks for `event_loop` and it is not found. Or a conftest.py redefines it, to
      give all tests one loop: that has no effect any more, and nobody says so.
Why:  pytest-asyncio 1.0 took the fixture away. Loops have scopes now: each test and each async
      fixture says, or inherits, the scope of the loop that it runs on. A fixture that is called
      `event_loop` is one like any other: its loop runs no test.
Fix:  `asyncio.get_running_loop()` inside async code; for one loop, `loop_scope=` in the marks and
      fixtures, or `asyncio_default_test_loop_scope` and `asyncio_default_fixture_loop_scope`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.light import replace
from loopcheck.facts.records import (
    CutOff,
    Evidence,
    FixtureRecord,
    Holder,
    LookupRecord,
    LoopRecord,
    LoopWish,
    Place,
    Premature,
    Subject,
)
from loopcheck.modes._match import (
    SCOPES,
    busy,
    crossed,
    loop_closed,
    request,
    standing,
    strangers,
)
from loopcheck.modes.finding import Certainty, Finding

CODE, SLUG = "LC302", "event-loop-fixture"
SUPERSEDES = frozenset({"LC101", "LC102", "LC105", "LC106", "LC305", "LC604"})
SAYS = (
    "fixture 'event_loop' not found",
    "event_loop fixture provided by pytest-asyncio has been redefined",
    "Event loop is closed + def event_loop",
    "attached to a different loop + def event_loop",
    "attached to a different loop + event_loop = <",
    "is bound to a different event loop + event_loop = <",
)

NAME = "event_loop"
SUBJECT = Subject(name=NAME, type="fixture")
WHY = (
    f"pytest-asyncio 1.0 took `{NAME}` away. Its tests run on loops of their own scopes,"
    " and nobody is told that the override has no effect."
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name who asks for `event_loop`, or the override that no longer gives tests their loop."""
    if evidence.lookup is not None:
        if evidence.lookup.name == NAME and not evidence.lookup.recursive:
            yield _asked_for(evidence.lookup, evidence)
        return
    if evidence.foreseen is not None:
        yield from _foreseen(evidence.foreseen, evidence)
        return
    for override in evidence.session.overrides if evidence.session else ():
        if override.name != NAME or override.asynchronous or not _ran(evidence):
            continue
        if _was_to_join(override, evidence):
            yield _redefined(override, evidence)
        elif (unrun := _unrun(override, evidence)) is not None:
            yield unrun
        elif evidence.cut_off is not None and _was_to_live(override, evidence.cut_off):
            yield _cut_off(override, evidence.cut_off, evidence)
        elif evidence.loop_wish is not None and evidence.refusal is None:
            yield _wished(override, evidence.loop_wish)


def _asked_for(lookup: LookupRecord, evidence: Evidence) -> Finding:
    asker = f"The fixture `{lookup.asked_by}`" if lookup.by_fixture else f"`{lookup.asked_by}`"
    removed = evidence.session is not None and NAME in evidence.session.removed
    out = (
        f"`getfixturevalue({NAME!r})` out of `{lookup.asked_by}`"
        if lookup.called
        else f"`{NAME}` out of the {request(lookup)}"
    )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if removed else "likely",
        subject=SUBJECT,
        where=lookup.asked_at,
        what=f"{asker} asks for `{NAME}`, which does not exist any more.",
        why=f"pytest-asyncio 1.0 took `{NAME}` away: a loop has a scope now, and no fixture.",
        fix=f"Take {out}; {_instead(lookup, evidence)}."
        " Where several tests are to share a loop, say `loop_scope=` in their marks and fixtures.",
    )


def _instead(lookup: LookupRecord, evidence: Evidence) -> str:
    plain_test = evidence.item is not None and evidence.item.form == "plain"
    if lookup.called or (lookup.synchronous and plain_test):  # no loop is running there
        return "run what is async in an async test or fixture, or by `asyncio.run(…)`"
    if lookup.by_fixture or (evidence.item is not None and evidence.item.form != "plain"):
        return "call `asyncio.get_running_loop()` where async code needs the loop"
    return "make it `async def` and `await` instead of running the loop by hand"


def _ran(evidence: Evidence) -> bool:
    return evidence.item is not None and evidence.item.runner == "pytest-asyncio"


def _was_to_join(override: FixtureRecord, evidence: Evidence) -> bool:
    """Return whether two loops met that the override, as of old, would have made one."""
    things = strangers(evidence)
    if not any(crossed(e) or busy(e) or loop_closed(e) for e in evidence.errors):
        return False
    own = override.loop.label if override.loop else None
    if any(thing.loop.label == own for thing in things):
        return True  # bound to the loop of the override itself, which runs no test
    homes = [(thing.loop.role or "").partition(" ")[0] for thing in things]
    return bool(homes) and all(home in SCOPES for home in homes) and _wide(override)


def _foreseen(defined: FixtureRecord, evidence: Evidence) -> Iterator[Finding]:
    """Yield what is to be said of an override that no test has failed for yet."""
    if defined.name == NAME and evidence.session is not None and NAME in evidence.session.removed:
        scope = defined.scope if _wide(defined) else "module"
        yield Finding(
            code=CODE,
            slug=SLUG,
            certainty="possible",
            subject=SUBJECT,
            where=defined.place,
            what=f"`{NAME}` is redefined here, with {defined.scope} scope: no test and no fixture"
            " of pytest-asyncio runs on its loop.",
            why=f"pytest-asyncio 1.0 took `{NAME}` away: it is a fixture like any other now.",
            fix=f"Delete it. For one loop say `asyncio_default_test_loop_scope = {scope}` and"
            f" `asyncio_default_fixture_loop_scope = {scope}`.",
        )


def _wide(override: FixtureRecord) -> bool:
    return override.scope != "function"


def _redefined(override: FixtureRecord, evidence: Evidence) -> Finding:
    thing = strangers(evidence)[0]
    scope, name = override.scope if _wide(override) else "module", thing.subject.name
    here = evidence.used_on
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=SUBJECT,
        where=override.place,
        made_at=thing.kept_at or thing.made_at,
        used_at=thing.used_at,
        made_on=str(thing.loop),
        used_on=str(here) if here else None,
        what=f"{_in_vain(override)}: `{name}` belongs to {thing.loop} and is used on"
        f" {here or 'another loop'}.",
        why=WHY,
        fix=_one_loop(scope, f"`{name}`", evidence),
    )


def _unrun(override: FixtureRecord, evidence: Evidence) -> Finding | None:
    """Return what is to be said where a task stands still that the override's loop would run."""
    test = evidence.test
    if test is None or test.phase != "call" or (test.own_mark and test.own_mark.scope):
        return None
    for wait in evidence.hang.waits if evidence.hang else ():
        for one in wait.holders:
            if _of_its_own(override, one.loop) or _as_wide(
                override, standing(one.fixture, one.loop, evidence)
            ):
                line = wait.stack[-1] if wait.stack else None
                sure: Certainty = "certain" if one.woken else "likely"
                found = _of_unrun(override, one, line, sure, evidence)
                here = evidence.hang.loop if evidence.hang else None
                return replace(found, made_on=str(one.loop), used_on=str(here)) if here else found
    for early in evidence.premature:
        its_own = early.idle and _of_its_own(override, early.loop)
        if its_own or _as_wide(override, standing(early.fixture, early.loop, evidence)):
            return _of_unrun(override, early, early.place, "likely", evidence)
    return None


def _of_its_own(override: FixtureRecord, loop: LoopRecord | None) -> bool:
    """Return whether *loop* is the one that the override gives to who asks for it."""
    return override.loop is not None and loop is not None and override.loop.label == loop.label


def _as_wide(override: FixtureRecord, fixture: FixtureRecord | None) -> bool:
    """Return whether the override's loop was to be that of *fixture*, and of its test."""
    if fixture is None or not _wide(override) or {override.scope, fixture.loop_scope} - {*SCOPES}:
        return False
    return SCOPES.index(override.scope) >= SCOPES.index(str(fixture.loop_scope))


def _of_unrun(
    override: FixtureRecord,
    one: Holder | Premature,
    line: Place | None,
    certainty: Certainty,
    evidence: Evidence,
) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=SUBJECT,
        where=override.place,
        used_at=line,
        what=f"{_in_vain(override)}: {line or 'the test'} counts on what `{one.coroutine}`"
        f"{f' of the fixture `{one.fixture}`' if one.fixture else ''} should do. That is on"
        f" {one.loop}, which stands still meanwhile.",
        why=WHY,
        fix=_instead_of(override, one, evidence),
    )


def _was_to_live(override: FixtureRecord, seen: CutOff) -> bool:
    """Return whether both tests, the one that began a task and this, would have had one loop."""
    return override.scope == "session" or (override.scope == "module" and seen.same_file)


def _cut_off(override: FixtureRecord, seen: CutOff, evidence: Evidence) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=SUBJECT,
        where=override.place,
        used_at=seen.place,
        what=f"{_in_vain(override)}: {seen.place} asks for `{seen.asked}`, and the task"
        f" `{seen.coroutine}` ended as {seen.loop} was closed.",
        why=WHY,
        fix=_one_loop(override.scope, "the task", evidence),
    )


def _in_vain(override: FixtureRecord) -> str:
    return f"`{NAME}` is redefined here, with {override.scope} scope, and no test runs on its loop"


def _instead_of(override: FixtureRecord, one: Holder | Premature, evidence: Evidence) -> str:
    if not _wide(override):
        return f"Delete it.{_asked_otherwise(evidence)}"
    return _one_loop(override.scope, f"`{one.fixture or one.coroutine}`", evidence)


def _asked_otherwise(evidence: Evidence) -> str:
    """Say what those do who ask for the override, once it is gone."""
    fixtures = [one for one in evidence.fixtures if NAME in one.needs]
    plain = [f"`{one.name}`" for one in fixtures if not one.asynchronous]
    names = [f"`{one.name}`" for one in fixtures]
    if evidence.item is not None and NAME in evidence.item.parameters:
        names.append(f"`{evidence.item.name}`")
    if not names:
        return ""
    one = len(names) == 1
    fixture = "`async def` fixtures" if len(plain) > 1 else "an `async def` fixture"
    how = f", {'' if one else ' and '.join(plain) + ' '}as {fixture}" if plain else ""
    return (
        f" {' and '.join(names)} {'asks' if one else 'ask'} for it: let {'it' if one else 'them'}"
        f" call `asyncio.get_running_loop()` instead{how}."
    )


def _one_loop(scope: str, shared: str, evidence: Evidence) -> str:
    return (
        f"Delete it.{_asked_otherwise(evidence)} For one loop say"
        f" `asyncio_default_test_loop_scope = {scope}` and"
        f" `asyncio_default_fixture_loop_scope = {scope}`, or in the marks and fixtures of the"
        f' tests that share {shared}: `loop_scope="{scope}"`.'
    )


def _wished(override: FixtureRecord, wish: LoopWish) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=SUBJECT,
        where=override.place,
        used_at=wish.asked_at,
        what=f"{_in_vain(override)}: {wish.asked_at} asks for {wish.what} that `{wish.setter}` at"
        f" {wish.given_at} would give it.",
        why=WHY,
        fix=f"Delete it. {_given_otherwise(wish)}",
    )


def _given_otherwise(wish: LoopWish) -> str:
    """Say how a test's own loop comes by what the override was to give it."""
    setter = wish.setter.rpartition(".")[2]
    if wish.kind is None and setter == "set_debug" and wish.debug:
        return "Say `asyncio_debug = true` in the ini: all loops of pytest-asyncio have it then."
    if wish.kind is None:
        return (
            f"Call `asyncio.get_running_loop().{setter}(…)` in an async fixture with `autouse=True`"
            " and the loop scope of the tests."
        )
    if wish.factory_at:
        return f"Let the factory at {wish.factory_at} give the tests `{wish.kind}`."
    if wish.factories:
        return (
            "Say in conftest.py which loop the tests get: `def pytest_asyncio_loop_factories("
            f'config, item): return {{"own": {wish.kind}}}`.'
        )
    return (
        "Define the fixture `event_loop_policy` in its place, with session scope: it returns a"
        f" policy whose `new_event_loop()` makes a `{wish.kind}`."
    )
