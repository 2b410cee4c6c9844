"""LC309 isolated-asyncio-testcase: `IsolatedAsyncioTestCase` mixed with what pytest's plugins run.

What: a test of unittest asks for a fixture or a parameter in its arguments; it uses on its own loop
      what an async fixture made on pytest-asyncio's; `asyncSetUp` stands in a class that is no
      `IsolatedAsyncioTestCase`, or an async `setUp` in one that is.
Why:  unittest runs such a class by itself: a loop of its own for each test, no arguments, and
      `asyncSetUp` in that class only. pytest-asyncio's fixtures and marks never reach that loop.
Fix:  one world for each class: `asyncSetUp` and `enterAsyncContext` inside of unittest, or a plain
      class with `@pytest_asyncio.fixture` methods.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.records import BoundRecord, Evidence, ItemRecord, Place, Subject
from loopcheck.modes._match import busy, crossed, loop_closed, loop_scope, strangers
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC309", "isolated-asyncio-testcase"
SUPERSEDES = frozenset({"LC101", "LC102", "LC106", "LC202", "LC203"})
SAYS = (
    "unittest/async_case.py",
    "'Test…' object has no attribute",
    "IsolatedAsyncioTestCase",
    "missing … required positional argument + unittest/case.py",
    "attached to a different loop + testMethod=",
    "is bound to a different event loop + testMethod=",
)

WORLDS = (
    "An async fixture runs on a loop of pytest-asyncio's, an `IsolatedAsyncioTestCase` on"
    " one of its own: nothing that waits can go from one to the other."
)
ASYNCIO = ("function", "class", "module", "package", "session")  # how its loops are called


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what the test has of one world and wants of the other."""
    item = evidence.item
    if item is None:
        return
    if item.unrun_set_up is not None:
        yield _unrun(item, item.unrun_set_up)
    if not item.isolated:
        return
    if item.parameters and _called_without(item, evidence):
        yield _arguments(item)
    for thing in strangers(evidence):
        if _of_pytest(thing) and any(
            crossed(e) or busy(e) or loop_closed(e) for e in evidence.errors
        ):
            yield _crossed(thing, evidence)
    yield from _unanswered(evidence)
    yield from _stood_still(evidence)


def _unanswered(evidence: Evidence) -> Iterator[Finding]:
    """Name the fixture whose task should have answered: its loop stands still meanwhile."""
    for wait in evidence.hang.waits if evidence.hang is not None else ():
        for one in wait.holders:
            fixture = next((f for f in evidence.fixtures if f.name == one.fixture), None)
            if fixture is None or loop_scope(one.loop) not in ASYNCIO:
                continue
            name, line = fixture.name, wait.stack[-1] if wait.stack else None
            yield Finding(
                code=CODE,
                slug=SLUG,
                certainty="certain" if one.woken else "likely",
                subject=Subject(name=name, type="async fixture"),
                where=fixture.place,
                used_at=line,
                made_on=str(one.loop),
                used_on=str(evidence.hang.loop) if evidence.hang and evidence.hang.loop else None,
                what=f"The test waits for what `{one.coroutine}` should bring. That belongs to"
                f" fixture `{name}` on {one.loop}, which stands still while unittest runs the test"
                " on a loop of its own.",
                why=WORLDS,
                fix=_instead(name),
            )
            return


def _stood_still(evidence: Evidence) -> Iterator[Finding]:
    """Name the fixture whose task was to change what the test asserts."""
    for one in evidence.premature:
        fixture = next((f for f in evidence.fixtures if f.name == one.fixture), None)
        if fixture is None or loop_scope(one.loop) not in ASYNCIO:
            continue
        name = fixture.name
        yield Finding(
            code=CODE,
            slug=SLUG,
            certainty="likely",
            subject=Subject(name=name, type="async fixture"),
            where=fixture.place,
            used_at=one.place,
            what=f"The task `{one.coroutine}` should change `{one.asked}`, which {one.place}"
            f" {'waits for' if one.polled else 'asserts'}. It belongs to fixture `{name}` on"
            f" {one.loop}, which stands still while unittest runs the test on a loop of its own.",
            why=WORLDS,
            fix=_instead(name),
        )


def _called_without(item: ItemRecord, evidence: Evidence) -> bool:
    """Return whether unittest's own call of the method was refused, also by its decorator."""
    first = evidence.errors[0] if evidence.errors else None
    if first is None or first.type != "TypeError":
        return False
    if first.module == "unittest.async_case":
        return True
    name = item.name.partition("[")[0]
    said = f"{name}() missing" in first.message and f"'{item.parameters[0]}'" in first.message
    began = any(frame.place.name == name for frame in first.frames)
    return said and bool(first.frames) and not began


def _of_pytest(thing: BoundRecord) -> bool:
    return (thing.loop.role or "").partition(" ")[0] in ASYNCIO


def _arguments(item: ItemRecord) -> Finding:
    name = item.parameters[0]
    parametrized = "parametrize" in item.marks
    kind = "parameter" if parametrized else "fixture"
    instead = (
        "loop over the values with `self.subTest`"
        if parametrized
        else f"make `{name}` in `asyncSetUp`"
    )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type=kind),
        where=item.place,
        what=f"`{item.name}` asks for the {kind} `{name}`; unittest calls it without arguments.",
        why="unittest runs an `IsolatedAsyncioTestCase` by itself: no fixture and no parameter of"
        " pytest's reaches its methods.",
        fix=f"Take the base class away and let pytest run a plain class, or {instead}.",
    )


def _unrun(item: ItemRecord, method: Place) -> Finding:
    cls = item.owner_class.name if item.owner_class else "its class"
    if item.isolated:
        why = "unittest calls `setUp` like any function and drops its coroutine."
        fix = "Call it `asyncSetUp`."
    else:
        why = "Only an `IsolatedAsyncioTestCase` has an `asyncSetUp` that somebody calls."
        fix = (
            f"Make `{cls}` an `unittest.IsolatedAsyncioTestCase`"
            if item.isolated is False
            else f"Make `{method.name}` an autouse fixture, `@pytest_asyncio.fixture(autouse=True)`"
        ) + "."
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=str(method.name), type="method"),
        where=method,
        what=f"`{method.name}` of `{cls}` never ran: `{item.name}` finds no `self.{item.lacks}`.",
        why=why,
        fix=fix,
    )


def _crossed(thing: BoundRecord, evidence: Evidence) -> Finding:
    name, here = thing.subject.name, evidence.used_on
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=thing.subject,
        where=thing.kept_at or thing.made_at or thing.used_at,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=str(thing.loop),
        used_on=str(here) if here else None,
        what=f"`{name}` belongs to {thing.loop} and is used on {here or 'another loop'}.",
        why=WORLDS,
        fix=_instead(name),
    )


def _instead(name: str) -> str:
    return (
        f"Make `{name}` in `asyncSetUp` with `enterAsyncContext`, or take the base class away"
        " and let pytest-asyncio run a plain class."
    )
