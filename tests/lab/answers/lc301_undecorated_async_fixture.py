"""Answers to the exercise of LC301: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc301_undecorated_async_fixture import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "requested an async fixture 'empty_lockers' with autouse=True",
)
changed = partial(in_text, text=SKELETON)

IMPORT = ("import pytest\n", "import asyncio\nimport pytest\nimport pytest_asyncio\n")
CLEARS = ("@pytest.fixture(autouse=True)", "@pytest_asyncio.fixture(autouse=True)")
TURNS = ("@pytest.fixture(params=[1, 3])", "@pytest_asyncio.fixture(params=[1, 3])")
MENDED = changed(IMPORT, CLEARS, TURNS)
OPENED = """\
async def turnstile(request):
    async with pool.opened(places=request.param) as turnstile:
        yield turnstile
"""
BY_HAND = """\
def turnstile(request):
    manager = pool.opened(request.param)
    return asyncio.run(manager.__aenter__())
"""
NEVER_CLOSED = """\
async def turnstile(request):
    return pool.Turnstile(request.param)
"""
LET_GO = """\
async def turnstile(request):
    return await pool.opened(request.param).__aenter__()
"""

RIGHT = {
    "the decorators": MENDED,
    "the decorator by another name, and a list": changed(
        ("import pytest\n", "import pytest\nfrom pytest_asyncio import fixture as kept\n"),
        ("@pytest.fixture(autouse=True)", '@kept(autouse=True, scope="function")'),
        ("@pytest.fixture(params", '@kept(ids=["small", "large"], params'),
    ),
    "the lockers cleared by a plain fixture": changed(
        ("async def empty_lockers", "def empty_lockers"),
        ("await pool.clear_lockers()", "asyncio.run(pool.clear_lockers())"),
        text=changed(IMPORT, TURNS),
    ),
    "opened in the tests": """
import asyncio
import pool
import pytest

pytestmark = pytest.mark.parametrize("places", [1, 3])

@pytest.mark.asyncio
async def test_locker(places):
    await pool.clear_lockers()
    async with pool.opened(places) as gate:
        await gate.enter("Ada")
        assert pool.lockers == {"Ada"}
    await pool.clear_lockers()

@pytest.mark.asyncio
async def test_room(places):
    await pool.clear_lockers()
    async with pool.opened(places) as gate:
        for _ in range(4):
            await gate.enter("Ben")
            await gate.leave("Ben")
        assert not pool.lockers

def test_free(places):
    async def free():
        async with pool.opened(places) as gate:
            return gate.free
    assert asyncio.run(free()) == places
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only one of them": (changed(IMPORT, CLEARS), "every test", ""),
    "no decorator": (
        changed(("@pytest.fixture(params=[1, 3])\n", ""), text=changed(IMPORT, CLEARS)),
        "all six",
        "That is LC305",
    ),
    "no decorator, parametrized instead": (
        changed(
            ("@pytest.fixture(params=[1, 3])\n", ""),
            ("@pytest.mark.asyncio\n", '@pytest.mark.parametrize("places", [1, 3])\n'),
            text=changed(IMPORT, CLEARS),
        )
        .replace("(turnstile):", "(turnstile, places):")
        .replace("def test_it", '@pytest.mark.parametrize("places", [1, 3])\ndef test_it'),
        "every test",
        "That is LC305",
    ),
    "a mark on it": (
        changed(("@pytest.fixture(params", "@pytest.fixture(params"), IMPORT).replace(
            "async def turnstile", "@pytest.mark.asyncio\nasync def turnstile"
        ),
        "all six",
        "accepts no marks on fixtures",
    ),
    "both decorators": (
        changed((TURNS[0], f"{TURNS[0]}\n@pytest_asyncio.fixture"), text=changed(IMPORT, CLEARS)),
        "all six",
        "pytest-asyncio's decorator replaces pytest's own",
    ),
    "awaited in the test": (
        changed(("await turnstile.enter", "await (await turnstile).enter")),
        "every test",
        "",
    ),
    "run by hand": (
        changed((OPENED, BY_HAND), text=changed(IMPORT, CLEARS)),
        "every test",
        "closed before the test begins",
    ),
    "let go": (changed((OPENED, LET_GO), text=MENDED), "every test", "closed before the test"),
    "never closed": (
        changed((OPENED, NEVER_CLOSED), text=MENDED),
        "all other pools",
        "and nothing closes it",
    ),
    "not for every test": (
        changed(("(autouse=True)", ""), text=MENDED),
        "every test",
        "must say `autouse=True`",
    ),
    "once for the module": (
        changed(("(autouse=True)", '(autouse=True, scope="module")'), text=MENDED),
        "every test",
        "must say `autouse=True`",
    ),
    "skipped": (
        changed(
            ("@pytest.mark.asyncio\n", "@pytest.mark.asyncio\n@pytest.mark.skip\n"), text=MENDED
        ),
        "every test",
        "A skipped or xfailed test hides the",
    ),
    "one turnstile": (changed(("params=[1, 3]", "params=[3]"), text=MENDED), "all six", ""),
    "asserts taken out": (
        changed(("    assert pool.lockers == set()\n", ""), text=MENDED),
        "a locker that is not",
        "",
    ),
}
