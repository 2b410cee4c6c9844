"""LC102 loop-mismatch: something bound to one loop is used on another.

What: a lock, queue, client or pool is awaited on a loop that is not its own.
Why:  it keeps the loop it first waited or connected on, and by default each test has a loop of
      its own. The first use on the other loop fails; a client then often reconnects there, so
      the next test passes.
Fix:  make it in an async fixture whose loop scope is that of the tests that use it.
"""

from collections.abc import Iterator

from loopcheck.facts.records import BoundRecord, ErrorRecord, Evidence
from loopcheck.modes._match import busy, crossed, loop_closed, strangers
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC102", "loop-mismatch"
SUPERSEDES: frozenset[str] = frozenset()


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what the failing lines used on another loop than its own."""
    said = next((e for e in evidence.errors if crossed(e) or busy(e) or loop_closed(e)), None)
    if said is None or loop_closed(said):
        return
    found = strangers(evidence)
    for thing in found:
        if not (thing.pool and thing.loop.state == "closed"):  # LC604
            yield _finding(thing, evidence)
    if not found and crossed(said):
        yield _nameless(said, evidence)


def _finding(thing: BoundRecord, evidence: Evidence) -> Finding:
    name, home, here = thing.subject.name, thing.loop, evidence.used_on
    closed = ", which is closed by now," if home.state == "closed" else ""
    kind = thing.subject.type.rpartition(".")[2]
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if here else "likely",
        subject=thing.subject,
        where=thing.kept_at or thing.made_at or thing.used_at,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=str(home),
        used_on=str(here) if here else None,
        what=f"`{name}` belongs to {home}{closed} and is used on {here or 'another loop'}.",
        why=f"`{name}` ({kind}) keeps the loop it first waited or connected on.",
        fix=_fix(thing, evidence),
    )


def _fix(thing: BoundRecord, evidence: Evidence) -> str:
    name = thing.subject.name
    scope = evidence.test.loop_scope if evidence.test else None
    if thing.keeper == "fixture":
        fixture = next((f for f in evidence.fixtures if f.name == thing.fixture), None)
        return _fix_fixture(thing.fixture or name, scope, fixture.scope if fixture else None)
    made = f" (now {thing.kept_at})" if thing.kept_at else ""
    same = f', loop_scope="{scope}"' if scope and scope != "function" else ""
    given = f'scope="{scope}"{same}' if same else ""
    return (
        f"Make `{name}`{made} in an async fixture, `@pytest_asyncio.fixture"
        f"{f'({given})' if given else ''}`, with the loop scope of the tests that use it."
        " Or give all these tests one loop:"
        ' `pytestmark = pytest.mark.asyncio(loop_scope="module")`.'
    )


def _fix_fixture(name: str, test_scope: str | None, scope: str | None) -> str:
    wide = scope if scope and scope != "function" else "module"
    return (
        f"Give `{name}` and its tests one loop: make it async,"
        f' `@pytest_asyncio.fixture(scope="{wide}", loop_scope="{wide}")`,'
        f' and mark the tests `pytest.mark.asyncio(loop_scope="{wide}")`.'
        f' Or make it anew for each test: `@pytest_asyncio.fixture` with scope "function".'
    )


def _nameless(said: ErrorRecord, evidence: Evidence) -> Finding:
    line = next((f.place for f in reversed(said.frames) if f.owner == "user"), None)
    at = f" at {line}" if line else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        where=line,
        used_at=line,
        used_on=str(evidence.used_on) if evidence.used_on else None,
        what=f"What is awaited{at} belongs to another loop; its name could not be found.",
        why="It keeps the loop it first waited or connected on.",
        fix="Make it in an async fixture with the loop scope of the tests that use it.",
    )
