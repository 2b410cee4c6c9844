"""LC303 async-test-not-run: an async test that no plugin runs.

What: a test is `async def`, or gives a coroutine, and nobody awaits it. pytest refuses it; a plain
      `unittest.TestCase` and an async generator even pass for good tests.
Why:  pytest cannot await. In strict mode, the default, pytest-asyncio takes only tests that are
      marked; and it cannot see an async function behind a decorator that is not async itself.
Fix:  `@pytest.mark.asyncio` on the test, `pytestmark = pytest.mark.asyncio` in the module, or
      `asyncio_mode = auto`. In unittest: `IsolatedAsyncioTestCase`. In a decorator: `async def`.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from loopcheck.facts.records import Evidence, ItemRecord, SessionRecord, Subject
from loopcheck.modes._match import PLUGINS, left_to_pytest, left_unmarked
from loopcheck.modes.finding import MISSING, Finding

CODE, SLUG = "LC303", "async-test-not-run"
SUPERSEDES = frozenset({"LC202", "LC309"})  # the coroutine that nobody awaits is this test's own
AUTO = {
    "asyncio": "asyncio_mode = auto",
    "anyio": "anyio_mode = auto",
    "trio": "trio_mode = true",
}
SAYS = (
    "async def functions are not natively supported",
    "but it is not an async function",
    "Unknown pytest.mark.asyncio",
    "Unknown pytest.mark.anyio",
    "returned <class 'coroutine'>",
    "returned a value of type <class 'coroutine'>",
    "returned <coroutine",
    "doesn't know how to run async test functions",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the test that was collected and never awaited."""
    item, marked = evidence.item, left_unmarked(evidence)
    if item is None or not (marked or left_to_pytest(evidence) or _passed_over(item, evidence)):
        return
    session = evidence.session or SessionRecord()
    missing = None if marked else _missing(item, session)
    what, why, fix = _words(item, session) if missing is None else _install(missing, item, session)
    if marked and evidence.set_up is not None:
        why, fix = _as(marked, evidence.set_up.fixture.name)
    wrapper = item.wrapper_at if _is_hidden(item) else None
    said = "async def" if item.form != "plain" else "def"
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=missing or item.name, type=MISSING if missing else said),
        where=wrapper or item.place,
        used_at=item.place if wrapper else None,
        what=what,
        why=why,
        fix=fix,
    )


def _passed_over(item: ItemRecord, evidence: Evidence) -> bool:
    ran = any(f.owner == "user" for error in evidence.errors for f in error.frames)
    return item.passed_over and not ran  # its set-up may fail for reasons of its own


def _is_hidden(item: ItemRecord) -> bool:
    """Return whether a decorator is all that keeps it from being run."""
    return item.wrapper is not None and item.runner != "unittest" and item.form == "coroutine"


def _words(item: ItemRecord, session: SessionRecord) -> tuple[str, str, str]:
    """Return what, why and fix."""
    name = item.name
    if item.runner == "unittest":
        cls = item.owner_class.name if item.owner_class else "its class"
        return (
            f"`{name}` is `async def` in a plain `TestCase`: not a line of it runs.",
            "A plain `TestCase` calls the method and drops the coroutine: the test cannot fail.",
            f"Make `{cls}` an `unittest.IsolatedAsyncioTestCase`.",
        )
    if item.form == "generator":
        return (
            f"`{name}` is an async generator: not a line of it runs.",
            "A `yield` makes it one, and no plugin runs such a test: in pytest-asyncio's hands it"
            " counts as expected to fail.",
            "Take the `yield` out of the test. What must be closed afterwards belongs in a"
            " `@pytest_asyncio.fixture` that yields it.",
        )
    if _is_hidden(item):
        return (
            f"`{name}` is `async def` behind a decorator that is not: nobody awaits it.",
            f"pytest and its plugins see `{item.wrapper}`, a plain function that returns the"
            " coroutine.",
            f"Make `{item.wrapper}` an `async def` that awaits the function it wraps.",
        )
    if item.form == "plain":
        return (
            f"`{name}` is not `async def`, and returns what must be awaited: nobody does.",
            "A plugin takes only a test that is `async def` itself.",
            f"Say `async def {name}`, and `await` instead of `return`.",
        )
    return (f"`{name}` is `async def`, and no plugin runs it.", *_unmarked(item, session))


def _missing(item: ItemRecord, session: SessionRecord) -> str | None:
    """Return the plugin that would run the test as it stands, and that this run does not have."""
    if item.form != "coroutine" or item.wrapper is not None or item.isolated is not None:
        return None
    loaded = _loaded(session)
    mark = next((mark for mark in item.marks if mark in PLUGINS), None)
    if mark is not None:
        return PLUGINS[mark] if mark not in loaded else None
    runs = {item.library, "anyio"} if item.library in PLUGINS else PLUGINS.keys()
    return None if loaded & runs else PLUGINS[item.library or "asyncio"]


def _loaded(session: SessionRecord) -> set[str]:
    """Return the marks whose tests a plugin of this run takes."""
    known = {"asyncio": session.asyncio is not None, "anyio": session.anyio, "trio": session.trio}
    return {mark for mark, there in known.items() if there}


def _install(plugin: str, item: ItemRecord, session: SessionRecord) -> tuple[str, str, str]:
    mark = next((mark for mark, known in PLUGINS.items() if known == plugin), "asyncio")
    what = f"{plugin} is not loaded in this run: its async tests are not run."
    off = "If it is installed, `-p no:` or `PYTEST_DISABLE_PLUGIN_AUTOLOAD` keeps it out."
    if mark not in item.marks:
        others = " and ".join(PLUGINS[one] for one in sorted(_loaded(session)))
        cannot = f"{others} cannot run a test on {item.library}"
        why = f"pytest cannot await, and {cannot if others else 'no plugin of this run does'}."
        return what, why, f"Install {plugin}, and mark the tests `@pytest.mark.{mark}`. {off}"
    why = f"The tests are marked `{mark}`, and no plugin of this run takes such tests."
    here = session.asyncio and item.library != "trio" and mark != "trio"
    other = ", or mark them `asyncio`: pytest-asyncio is loaded" if here else ""
    return what, why, f"Install {plugin}{other}. {off}"


def _as(marked: str, fixture: str) -> tuple[str, str]:
    """Return why and fix of a test that lacks the mark of another, and with it their fixture."""
    return (
        "anyio's plugin takes only tests that are marked, and sets up async fixtures for them"
        f" alone: `{fixture}` for `{marked}`.",
        f"Mark it `@pytest.mark.anyio`, as `{marked}` is, or all tests of the module:"
        " `pytestmark = pytest.mark.anyio`.",
    )


def _unmarked(item: ItemRecord, session: SessionRecord) -> tuple[str, str]:
    near = {mark: get_close_matches(mark, PLUGINS, n=1, cutoff=0.7) for mark in item.marks}
    typo = next((mark for mark, known in near.items() if known), None)
    if typo in PLUGINS:
        return (
            f"{PLUGINS[typo]} takes a test while pytest collects it: a mark `{typo}` that is put on"
            " it later, as by `pytest_collection_modifyitems`, has no effect.",
            f"Mark the module, `pytestmark = pytest.mark.{typo}`. Or say `{AUTO[typo]}`.",
        )
    if typo is not None:
        return (
            f"Its mark is `{typo}`, which no plugin knows.",
            f"Say `@pytest.mark.{near[typo][0]}`. `--strict-markers` refuses such marks.",
        )
    if item.library == "trio" or (session.trio and not session.asyncio and not session.anyio):
        return _unmarked_on_trio(session)
    if session.trio and item.library is None:
        others = " and ".join(PLUGINS[one] for one in sorted(_loaded(session)))
        return (
            f"pytest cannot await, and {others} take only tests that are marked.",
            "Mark it for the library that it uses: `@pytest.mark.trio`, or"
            f" `@pytest.mark.{'asyncio' if session.asyncio else 'anyio'}`.",
        )
    if session.asyncio is None:
        return (
            "pytest cannot await, and anyio's plugin takes only tests that are marked.",
            "Mark it `@pytest.mark.anyio`, or all tests of the module:"
            " `pytestmark = pytest.mark.anyio`. Or install pytest-asyncio, and mark it `asyncio`.",
        )
    return (
        f"pytest cannot await, and in {session.mode or 'strict'} mode pytest-asyncio takes only"
        " tests that are marked.",
        "Mark it `@pytest.mark.asyncio`, or all tests of the module:"
        " `pytestmark = pytest.mark.asyncio`. Or say `asyncio_mode = auto`.",
    )


def _unmarked_on_trio(session: SessionRecord) -> tuple[str, str]:
    """Return why and fix of a test that only trio can run."""
    if session.trio:
        return (
            "pytest cannot await, and pytest-trio takes only tests that are marked.",
            "Mark it `@pytest.mark.trio`, or all tests of the module:"
            f" `pytestmark = pytest.mark.trio`. Or say `{AUTO['trio']}`.",
        )
    return (
        "pytest cannot await, and anyio's plugin takes only tests that are marked.",
        "Mark it `@pytest.mark.anyio`, or all tests of the module, and let a fixture"
        ' `anyio_backend` return `"trio"`: asyncio cannot run it.',
    )
