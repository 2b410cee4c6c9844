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
    name = thing.fixture or thing.subject.name
    fixture = next((f for f in evidence.fixtures if f.name == thing.fixture), None)
    roles = (thing.loop.role, evidence.used_on.role if evidence.used_on else None)
    scope = _widest(fixture.scope if fixture else None, *roles)
    mark = f'pytest.mark.asyncio(loop_scope="{scope}")'
    anew = f"Or make `{name}` anew for each test, in a `@pytest_asyncio.fixture`."
    if thing.keeper == "fixture":
        made = f'`@pytest_asyncio.fixture(scope="{scope}", loop_scope="{scope}")`'
        return f"Make `{name}` an async fixture, {made}, and mark its tests `{mark}`. {anew}"
    return f"Give all tests that use `{name}` one loop: `pytestmark = {mark}`. {anew}"


def _widest(*said: str | None) -> str:
    """Return the widest scope in what is *said* of fixture and loops, a module's at least."""
    scopes = ("module", "package", "session")
    words = {text.partition(" ")[0] for text in said if text}
    return next((scope for scope in reversed(scopes) if scope in words), scopes[0])


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
