"""Predicates that modes share, each read as an English verb phrase."""

from __future__ import annotations

from loopcheck.records import (
    SCOPES,
    BoundRecord,
    DoubleRecord,
    ErrorRecord,
    Evidence,
    FixtureRecord,
    LookupRecord,
    LoopRecord,
    SetUpRecord,
    TestRecord,
)

TWO_LOOPS = (
    "different loop",  # Task and Future; `wait_for` before 3.12
    "different event loop",  # locks, queues, events
    "wasn't used with future",  # every await of a foreign future after the first
    "should be used inside a task",  # aiohttp asks its own loop for the current task
)


MANAGED = ("coroutine", "Mock", "NonCallableMock")  # `async for` finds no rows in these


# Advice for an object that the default of a function created.
MADE_ONCE = (
    "Python evaluates a default once, at the `def`, and all calls share it. Use `None` as the"
    " default, and create the object inside the function."
)
MODULE = "module loop of "


def crossed(error: ErrorRecord) -> bool:
    """Return whether asyncio, or a library through it, refused *error*'s object on this loop.

    Or the object itself did, in words of its own.
    """
    if error.two_loops:
        return True
    if error.type not in ("RuntimeError", "ValueError") or error.raised == "raise":
        return False
    if error.owner == "machinery" or (error.owner == "user" and error.raised != "await"):
        return False
    return any(words in error.message for words in TWO_LOOPS)


def busy(error: ErrorRecord) -> bool:
    """True if asyncpg says that another operation runs, which it also says on a foreign loop."""
    return (
        error.type.startswith("asyncpg.") or error.type.startswith("sqlalchemy.")
    ) and "another operation is in progress" in error.message


def loop_closed(error: ErrorRecord) -> bool:
    """Return whether *error* is that of a closed loop."""
    known = error.module.partition(".")[0] in ("asyncio", "uvloop")
    return known and error.type == "RuntimeError" and error.function.endswith("_check_closed")


def loop_words(evidence: Evidence) -> ErrorRecord | None:
    """Return the first error of the chain that is about a loop, None if none is."""
    said = (e for e in evidence.errors if crossed(e) or busy(e) or loop_closed(e))
    return next(said, None)


def of_a_library(evidence: Evidence) -> bool:
    """True if a library failed under a line of the project, with a message of its own."""
    first = evidence.errors[0] if evidence.errors else None
    return first is not None and first.owner == "library" and evidence.used_on is not None


def is_loop(thing: BoundRecord) -> bool:
    """True if *thing* is the loop itself, not an object that belongs to it."""
    return thing.subject.type == thing.loop.kind


def asyncio_runs(test: TestRecord | None) -> bool:
    """Return whether pytest-asyncio runs *test*."""
    return test is not None and test.loop_scope is not None


def loop_scope(loop: LoopRecord | None) -> str | None:
    """Return the scope of a loop of pytest-asyncio's, None for any other loop."""
    first = (loop.role or "").partition(" ")[0] if loop else ""
    return first if first in SCOPES else None


def run_by_hand(here: LoopRecord | None, home: LoopRecord) -> bool:
    """True if the project's code runs *here* itself, and *home* is a loop of pytest-asyncio's.

    No mark and no scope puts a test on *here*.
    """
    if here is None or here.role is None or loop_scope(home) is None:
        return False
    return here.owner == "user" and loop_scope(here) is None


def of_two_files(home: LoopRecord, evidence: Evidence) -> bool:
    """True if only a session-scoped loop serves both users of the object bound to *home*."""
    loops = [loop for loop in (home, evidence.used_on) if loop is not None]
    if [loop_scope(loop) for loop in loops] in (["module"] * 2, ["package"] * 2):
        return True
    own = evidence.test.nodeid.partition("::")[0] if evidence.test else "cell"
    files = [
        (loop.role or "").removeprefix(MODULE) for loop in loops if loop_scope(loop) == "module"
    ]
    return own != "cell" and any(file != own for file in files)


def standing(name: str | None, loop: LoopRecord | None, evidence: Evidence) -> FixtureRecord | None:
    """The fixture of that name, if its *loop* does not run while the test's own loop runs."""
    test, home = evidence.test.loop_scope if evidence.test else None, loop_scope(loop)
    fixture = next((f for f in evidence.fixtures if f.name == name), None)
    if fixture is None or home != fixture.loop_scope or test in (None, home):
        return None
    return fixture


def request(lookup: LookupRecord) -> str:
    """What asks for the fixture: arguments, `getfixturevalue` or `usefixtures`."""
    if lookup.called:
        return f"`getfixturevalue(…)` of `{lookup.asked_by}`"
    if lookup.marked:
        return f"`usefixtures` (a mark, or a setting) of `{lookup.asked_by}`"
    return f"arguments of `{lookup.asked_by}`"


def only_asserted(evidence: Evidence) -> bool:
    """True if nothing was raised but assertions: no library refused anything."""
    return all(error.type == "AssertionError" for error in evidence.errors)


def strangers(evidence: Evidence) -> tuple[BoundRecord, ...]:
    """Return the objects in the failing lines that belong to another loop than theirs.

    There are none if the lines waited for a task of a loop that was stopped: two loops are meant.
    """
    waits = evidence.hang.waits if evidence.hang is not None else ()
    if any(wait.stranded for wait in waits):
        return ()
    here = evidence.used_on.label if evidence.used_on else None
    return tuple(thing for thing in evidence.bound if thing.loop.label != here)


def left_to_pytest(evidence: Evidence) -> bool:
    """True if no plugin runs the test, and pytest itself got its coroutine."""
    if not evidence.errors:
        return False
    error = evidence.errors[0]
    if error.type.startswith("hypothesis.") and error.message.startswith(HYPOTHESIS):
        return True
    last = error.frames[-2:]
    return any(f.module == "_pytest.python" and f.place.name in REFUSALS for f in last)


REFUSALS = ("async_fail", "async_warn_and_skip")  # from pytest 8.4 on; until then
HYPOTHESIS = "Hypothesis doesn't know how to run async test functions"


def undecorated(seen: SetUpRecord | None) -> bool:
    """True if no plugin runs the async fixture, and pytest itself calls it."""
    if seen is None or seen.backend is not None:  # that one is anyio's to run
        return False
    if seen.wrapper is not None or seen.too_wide:  # in no mode would a plugin run it
        return False
    return seen.form != "plain" and seen.fixture.loop_scope is None


def left_unmarked(evidence: Evidence) -> str | None:
    """The marked test for which anyio sets up the fixture, if only its mark is missing."""
    seen, item = evidence.set_up, evidence.item
    if seen is None or item is None or not (undecorated(seen) and seen.anyio_marked):
        return None
    plain = item.form != "coroutine" or item.wrapper is not None or item.isolated is not None
    return None if plain or PLUGINS.keys() & set(item.marks) else seen.anyio_test


PLUGINS = {"asyncio": "pytest-asyncio", "anyio": "anyio", "trio": "pytest-trio"}


def gives_rows(double: DoubleRecord) -> bool:
    """True if a mock returned plain rows to `async for`: LC401, not LC410."""
    plain = double.kind != "fake" and double.got not in MANAGED
    return plain and double.wanted == "async for"


def an(kind: str | None) -> str:
    """Return *kind*, the type of what a mock or fake returned, with its article."""
    if kind in (None, "", "NoneType"):
        return "None"
    return f"{'an' if kind[:1].lower() in 'aeiou' else 'a'} {kind}"


def remedy_of_mock(one: DoubleRecord) -> tuple[str, ...]:
    """Return what to change of a mock or fake: "itself", a "child" by its path, its "rows"."""
    if one.kind == "fake":
        return ("fake", "" if one.returns else "opens")
    if one.subject.name == one.original:
        return ("itself", one.wanted)
    whole = path_of_mock(one)
    path = whole.removeprefix(f"{one.original}.")
    if path == whole:
        path = path.partition(".")[2]
    if not path:
        return ("itself", one.wanted)
    return ("rows" if one.wanted == "async for" else "child", path)


def path_of_mock(one: DoubleRecord) -> str:
    """Return what code at the line that creates the mock calls it: `mock` if it has no name."""
    root = f"{one.returned_by}()" if one.returned_by else None
    if one.class_passed and one.made_at is not None:
        root = one.made_at.name
    name = one.subject.name
    if root is not None and name.startswith(root):
        name = f"mock{name.removeprefix(root)}"
    return name.replace("()", ".return_value")


def place_of_mock(one: DoubleRecord) -> str:
    """Return where to change the mock, as the end of a sentence: " at test_shop.py:12"."""
    if one.made_at is None:
        return ""
    if one.returned_by:
        return f" at {one.made_at}, where `{one.returned_by}` creates the mock"
    instead = ", with a function in place of the class" if one.class_passed else ""
    return f" at {one.made_at}{instead}"


def client_beside_test(evidence: Evidence, home: LoopRecord) -> LoopRecord | None:
    """Return the loop of a TestClient that an async test runs beside its own, None if none."""
    here = evidence.used_on
    if here is None or not asyncio_runs(evidence.test):
        return None
    pairs = ((home, here), (here, home))
    return next((one for one, own in pairs if one.test_client and loop_scope(own)), None)


def fix_of_test_client(name: str, home: LoopRecord, evidence: Evidence) -> str | None:
    """Return advice about *name* if it is used on the loop of a TestClient and on another."""
    uses = {home.test_client, evidence.used_on.test_client if evidence.used_on else None}
    if uses == {None}:
        return None
    if client_beside_test(evidence, home) is not None:
        return (
            "Run the app on the loop of the test: replace `TestClient`, which has its own, with"
            ' `httpx.AsyncClient(transport=httpx.ASGITransport(app=…), base_url="http://test")`.'
            f" Or make the test a plain `def` that uses `{name}` through the app only."
        )
    new = f"Create `{name}` in the app's lifespan, and close it there"
    if "request" in uses:
        return (
            f"{new}. Then enter the client: `with TestClient(…) as client:` runs the lifespan and"
            " all requests on one loop. Without `with`, each request has a loop of its own."
        )
    return f"{new}: each `with TestClient(…)` runs the lifespan on its own loop."
