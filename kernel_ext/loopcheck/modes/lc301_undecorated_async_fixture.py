"""LC301 undecorated-async-fixture: `@pytest.fixture` on an async function that no plugin runs.

What: a fixture is `async def`, and pytest's own decorator stands on it. No line of it runs.
Why:  pytest cannot await. In strict mode, the default, pytest-asyncio takes only the fixtures that
      `@pytest_asyncio.fixture` marks as its own. pytest 9 gives the reason once; every further
      test that needs the fixture then fails with an empty AssertionError.
      No plugin sees an async function behind a decorator that is not async itself.
Fix:  `@pytest_asyncio.fixture` on it, for synchronous tests too; or `asyncio_mode = auto`. In a
      decorator: `async def`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.records import Evidence, SetUpRecord, Subject
from loopcheck.modes._match import an, left_unmarked, undecorated
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC301", "undecorated-async-fixture"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "requested an async fixture … with no plugin or hook that handled it",
    "'async_generator' object has no attribute",
    "<async_generator object",
    "requested async @pytest.fixture",
    "assert not self._finalizers",
    "'coroutine' object has no attribute",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the async fixture that pytest itself was left to set up."""
    seen = evidence.set_up
    if seen is None or not (seen.wrapper or undecorated(seen)):
        return
    if left_unmarked(evidence) is not None:  # LC303: the fixture is in order
        return
    name = seen.fixture.name
    what, why, fix = _wrapped(seen, evidence) if seen.wrapper else _bare(seen, evidence)
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=name, type=_type(seen)),
        where=seen.fixture.place,
        what=what,
        why=why,
        fix=fix,
    )


def _wrapped(seen: SetUpRecord, evidence: Evidence) -> tuple[str, str, str]:
    """Return what, why and fix of a fixture behind a decorator that is not async."""
    name, wrapper, kind = seen.fixture.name, seen.wrapper, _type(seen).replace("_", " ")
    rows = seen.form == "generator"
    passes_on = (
        "yields what the function it wraps does: `async for value in function(…): yield value`"
        if rows
        else "awaits the function it wraps"
    )
    session = evidence.session
    bare = seen.fixture.loop_scope is None and session is not None and session.mode == "strict"
    mark = f" Put `@pytest_asyncio.fixture` on `{name}` in place of `@pytest.fixture`, too."
    return (
        f"The fixture `{name}` is `async def` behind a decorator that is not: nobody"
        f" {'iterates over' if rows else 'awaits'} it.",
        f"pytest and its plugins see `{wrapper}`, a plain function that returns the {kind}: this"
        f" is what `{name}` is for those who ask for it.",
        f"Make `{wrapper}` an `async def` that {passes_on}.{mark if bare else ''}",
    )


def _bare(seen: SetUpRecord, evidence: Evidence) -> tuple[str, str, str]:
    name, theirs = seen.fixture.name, seen.anyio_test
    what = f"The fixture `{name}` is `async def`, and nobody runs it."
    if theirs is not None:
        what = (
            f"The fixture `{name}` is `async def`: anyio runs it for tests of its own, as"
            f" `{theirs}` is, and nobody runs it for this one."
        )
    return what, _why(seen, evidence), _fix(seen, evidence)


def _type(seen: SetUpRecord) -> str:
    return "async_generator" if seen.form == "generator" else "coroutine"


def _why(seen: SetUpRecord, evidence: Evidence) -> str:
    kind = _type(seen)
    last = (
        f" Up to version 8 it hands over {an(kind)} in place of the value."
        if seen.handed
        else " pytest gives the reason for the first test only: the others that need it fail with"
        " an empty AssertionError."
    )
    session = evidence.session
    if _anyios(evidence):
        return (
            "pytest cannot await, and anyio's plugin runs an async fixture only for a test that"
            f" has `anyio_backend` among its fixtures, as each marked async test has.{last}"
        )
    if session is None or session.asyncio is None:
        return f"pytest cannot await, and pytest-asyncio is not loaded in this run.{last}"
    return (
        f"pytest cannot await, and in {session.mode or 'strict'} mode pytest-asyncio takes only"
        f" fixtures made with `@pytest_asyncio.fixture`.{last}"
    )


def _fix(seen: SetUpRecord, evidence: Evidence) -> str:
    name, scope = seen.fixture.name, seen.fixture.scope
    said = f'(scope="{scope}", loop_scope="{scope}")' if scope != "function" else ""
    kept = " Keep its other arguments." if seen.fixture.autouse else ""
    mend = (
        f"Put `@pytest_asyncio.fixture{said}` on `{name}` in place of `@pytest.fixture`.{kept}"
        " Or say `asyncio_mode = auto`."
    )
    session = evidence.session
    if _anyios(evidence):
        return (
            f"Let `{name}` ask for it, `{name}(anyio_backend)`: then anyio runs it for synchronous"
            f" tests, too. Or install pytest-asyncio, and put `@pytest_asyncio.fixture{said}` on"
            f" `{name}`."
        )
    if session is None or session.asyncio is None:
        return f"Install pytest-asyncio. {mend}"
    return mend


def _anyios(evidence: Evidence) -> bool:
    """Return whether anyio's plugin alone could run the fixture of a synchronous test."""
    session, item = evidence.session, evidence.item
    alone = session is not None and session.anyio and session.asyncio is None
    return alone and item is not None and item.form == "plain"
