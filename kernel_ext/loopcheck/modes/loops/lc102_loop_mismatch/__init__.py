"""LC102 loop-mismatch: something bound to one loop is used on another.

What: a lock, queue, client or pool is awaited on a loop that is not its own. Or a test asserts that
      code runs on a certain loop, or in its thread, and it runs on another.
Why:  it stays bound to the loop on which it first waited or connected, and by default each test
      runs on its own loop. The first use on another loop fails. A client then often reconnects
      there, so the next test passes.
Fix:  create it in an async fixture whose loop scope matches the tests that use it.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import (
    MADE_ONCE,
    asyncio_runs,
    client_beside_test,
    fix_of_test_client,
    loop_closed,
    loop_scope,
    loop_words,
    of_two_files,
    only_asserted,
    run_by_hand,
    strangers,
)
from loopcheck.modes.finding import Finding
from loopcheck.records import BoundRecord, Evidence, LoopRecord, Place

CODE, SLUG = "LC102", "loop-mismatch"
SUPERSEDES: frozenset[str] = frozenset()
AFTER_OTHERS = True
SAYS = (
    "attached to a different loop",
    "is bound to a different event loop",
    "RuntimeError: Task <Task pending",
    "belongs to a different loop",
    "await wasn't used with future",
    "Timeout context manager should be used inside a task",
    "another operation is in progress",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each object that the failing lines used on a loop other than its own."""
    if only_asserted(evidence) and evidence.errors and not evidence.premature:
        from loopcheck.modes.loops.lc102_loop_mismatch import other_loops  # late: for its own cases

        other = evidence.ask(other_loops.find_other_loop)
        if other is not None:
            yield other_loops.finding(other, CODE, SLUG)
    said = loop_words(evidence)
    if said is None or loop_closed(said):
        return
    things = tuple(strangers(evidence))
    if evidence.errors and evidence.errors[0].two_loops:
        from loopcheck.modes.loops.lc102_loop_mismatch import early_bindings  # late, as above

        early = evidence.ask(early_bindings.find_early_binding) if things else None
        if early is not None:
            loops = str(things[0].loop), str(evidence.used_on or "another loop")
            yield early_bindings.finding(early, loops, CODE, SLUG)
            return
    for thing in things:
        if not (thing.pool and thing.loop.state == "closed"):  # LC604
            yield _finding(thing, evidence)


def _finding(thing: BoundRecord, evidence: Evidence) -> Finding:
    name, home, here = thing.subject.name, thing.loop, evidence.used_on
    teardown = evidence.test is not None and evidence.test.phase == "teardown"
    client = None if _future(thing) else client_beside_test(evidence, home)
    gone = home.state == "closed" and not teardown  # a teardown may have closed it since
    closed = ", now closed," if gone else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if here else "likely",
        subject=thing.subject,
        where=_between_plugins(thing, evidence)
        or thing.looked_up_at
        or (client.started_at if client is not None else None)
        or (None if _one_in_a_thread(thing, here) else thing.kept_at)
        or thing.made_at
        or thing.used_at,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=str(home),
        used_on=str(here) if here else None,
        what=f"`{name}` belongs to {home}{closed} and is used on {here or 'another loop'}.",
        why=TWO_PLUGINS if _of_aiohttps(thing, evidence) else _why(thing),
        fix=_fix(thing, evidence),
        remedy=_remedy(thing, evidence),
    )


AIOHTTPS = "loop of aiohttp's plugin"
TWO_PLUGINS = (
    "`aiohttp.pytest_plugin` creates clients and servers on its own loop, and pytest-asyncio runs"
    " the test on another."
)


def _of_aiohttps(thing: BoundRecord, evidence: Evidence) -> bool:
    """True if aiohttp's plugin made the object's loop, and pytest-asyncio runs the test."""
    return thing.loop.role == AIOHTTPS and asyncio_runs(evidence.test)


def _between_plugins(thing: BoundRecord, evidence: Evidence) -> Place | None:
    """Return the line that lets pytest-asyncio run a test which uses a client of aiohttp."""
    if not _of_aiohttps(thing, evidence):
        return None
    if evidence.session is not None and evidence.session.mode == "auto":
        return evidence.session.mode_at
    return evidence.item.place if evidence.item is not None else None


def _one_in_a_thread(thing: BoundRecord, here: LoopRecord | None) -> bool:
    """True if the object is a future and either loop runs in its own thread."""
    return _own_thread(thing) or (_future(thing) and _in_a_thread(here))


def _own_thread(thing: BoundRecord) -> bool:
    """True if the object is a future whose loop runs in its own thread: no test can run there."""
    return _future(thing) and _in_a_thread(thing.loop)


def _future(thing: BoundRecord) -> bool:
    return thing.subject.type.rpartition(".")[2] in ("Future", "Task")


def _in_a_thread(loop: LoopRecord | None) -> bool:
    return loop is not None and loop.thread is not None and loop_scope(loop) is None


def _of_no_test(home: LoopRecord, here: LoopRecord | None) -> bool:
    """True if the project's code created *home*, and the test's loop is one of pytest-asyncio's."""
    return home.made_at is not None and loop_scope(home) is None and loop_scope(here) is not None


def _why(thing: BoundRecord) -> str:
    subject = thing.subject
    if thing.looked_up_at is not None:
        return (
            f"{thing.looked_up_at} looks up a loop once and keeps it, and `{subject.name}` is used"
            " on the one that runs later."
        )
    name, kind = subject.name, subject.type.rpartition(".")[2]
    if kind in ("Future", "Task"):
        return f"`{name}` ({kind}) stays bound to the loop that created it."
    if thing.asks_when_made:
        return f"`{name}` ({kind}) stays bound to the loop that ran when it was created."
    return f"`{name}` ({kind}) stays bound to the loop on which it first waited or connected."


def _fix(thing: BoundRecord, evidence: Evidence) -> str:
    name = thing.fixture or thing.subject.name
    if thing.keeper == "default":
        return MADE_ONCE
    if _of_aiohttps(thing, evidence):
        auto = evidence.session is not None and evidence.session.mode == "auto"
        first = "Set `asyncio_mode = strict`" if auto else "Remove the `asyncio` mark"
        return (
            f"{first}: then aiohttp's plugin also runs the test, on its own loop. Or replace"
            " `aiohttp.pytest_plugin` with pytest-aiohttp, which uses pytest-asyncio."
        )
    if thing.looked_up_at is not None:
        return (
            "Call `asyncio.get_running_loop()` where the loop is used, instead of keeping it at"
            f" {thing.looked_up_at}: then each use is on the loop that runs."
        )
    advice = None if _future(thing) else fix_of_test_client(name, thing.loop, evidence)
    if advice is not None:
        return advice
    if _of_another_runner(thing, evidence):
        name = thing.subject.name if _future(thing) else name
        return (
            f"Create `{name}` on the loop that uses it: inside the coroutine that runs there,"
            " not earlier, and one per loop."
        )
    if thing.loop.owner == "machinery":  # no scope of a test's loop is wide enough
        return (
            f"Create a new `{name}` for each test in a `@pytest_asyncio.fixture`: no test runs on"
            f" {thing.loop}."
        )
    if _own_thread(thing):
        task = thing.subject.type.endswith(".Task")
        made = "asyncio.create_task(…)" if task else "asyncio.get_running_loop().create_future()"
        return (
            f"Wait for it on its own loop, and await the result here: `await asyncio.wrap_future("
            f"asyncio.run_coroutine_threadsafe(…, loop))`. Or create `{thing.subject.name}` on the"
            f" test's loop: `{made}`."
        )
    if _of_no_test(thing.loop, evidence.used_on):
        new = " with `asyncio.get_running_loop().create_future()`" if _future(thing) else ""
        return (
            f"Create `{name}` in async code on the loop that uses it{new}: in the test, or in a"
            f" `@pytest_asyncio.fixture`. No `loop_scope` puts a test on {thing.loop.label}."
        )
    scope = _scope_for_all(thing, evidence)
    mark = f'pytest.mark.asyncio(loop_scope="{scope}")'
    one = (
        f"Run all tests that use `{name}` on one loop: set `pytestmark = {mark}`, and remove any"
        " `@pytest.mark.asyncio` from the tests themselves, which would override it."
    )
    anew = f"Or create a new `{name}` for each test in a `@pytest_asyncio.fixture`."
    if thing.keeper == "fixture":
        made = f'`@pytest_asyncio.fixture(scope="{scope}", loop_scope="{scope}")`'
        return f"{one} Create it on that loop too: {made}. {anew}"
    return f"{one} {anew}"


def _roles(thing: BoundRecord, evidence: Evidence) -> tuple[str, str]:
    return thing.loop.role or "", evidence.used_on.role or "" if evidence.used_on else ""


def _of_another_runner(thing: BoundRecord, evidence: Evidence) -> bool:
    """True if no mark of pytest-asyncio decides about one of the loops."""
    in_a_thread = any("thread" in role for role in _roles(thing, evidence))
    in_a_thread = in_a_thread or _in_a_thread(evidence.used_on)
    return (
        in_a_thread or run_by_hand(evidence.used_on, thing.loop) or not asyncio_runs(evidence.test)
    )


def _scope_for_all(thing: BoundRecord, evidence: Evidence) -> str:
    """Return the scope of the loop that all tests which use the object would share."""
    if of_two_files(thing.loop, evidence):
        return "session"
    fixture = next((f for f in evidence.fixtures if f.name == thing.fixture), None)
    return _widest(fixture.scope if fixture else "", *_roles(thing, evidence))


def _remedy(thing: BoundRecord, evidence: Evidence) -> tuple[str, ...]:
    if thing.keeper == "default":
        return ("default",)
    if thing.looked_up_at is not None and not _of_aiohttps(thing, evidence):
        return ()
    if _of_aiohttps(thing, evidence):
        auto = evidence.session is not None and evidence.session.mode == "auto"
        return ("strict mode",) if auto else ("no mark",)
    test_client = fix_of_test_client(thing.subject.name, thing.loop, evidence)
    if (test_client is not None and not _future(thing)) or _of_another_runner(thing, evidence):
        return ()
    if thing.loop.owner == "machinery" or _own_thread(thing):
        return ()
    if _of_no_test(thing.loop, evidence.used_on):  # no scope puts a test there
        return ()
    return ("one loop", _scope_for_all(thing, evidence), thing.fixture or "")


def _widest(*said: str) -> str:
    """Return the widest scope that the fixture or the loops name, but at least module."""
    scopes = ("module", "package", "session")
    words = {text.partition(" ")[0] for text in said}
    return next((scope for scope in reversed(scopes) if scope in words), scopes[0])
