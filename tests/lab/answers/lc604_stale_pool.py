"""Answers to the exercise of LC604: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc604_stale_pool import SKELETON

SKELETON_SAYS = ("every test runs and passes", "4 lines opened: 0 closed")

CURE = SKELETON[SKELETON.index("@pytest_asyncio") : SKELETON.index("async def brightness")]
AGAIN = SKELETON[SKELETON.index("async def brightness") : SKELETON.index("async def test_sirius")]
ONCE = """async def brightness(star):
    return await sky.ask(star)


"""
CLOSES = """@pytest_asyncio.fixture(autouse=True)
async def closed_after_it():
    yield
    await sky.close()


"""
IMPORTS = SKELETON[: SKELETON.index("pytestmark")]
TESTS = SKELETON[SKELETON.index("async def test_sirius") :]
WIDE = """pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sky():
    lines = Lines()
    yield lines
    await lines.close()


"""


def changed(*pairs: tuple[str, str]) -> str:
    """Return the skeleton with changes."""
    text: str = in_text(*pairs, text=SKELETON)
    return text


RIGHT = {
    "a global that each test closes": changed((CURE, CLOSES), (AGAIN, ONCE)),
    "one loop, one pool": IMPORTS
    + WIDE
    + in_text(("():", "(sky):"), ("brightness(", "sky.ask("), text=TESTS),
    "a block in each test": """
import asyncio
from contextlib import asynccontextmanager
import lines

@asynccontextmanager
async def sky():
    one = lines.Lines()
    try:
        yield one
    finally:
        await one.close()

def test_sirius():
    async def look():
        async with sky() as one:
            return await one.ask("Sirius")
    assert asyncio.run(look()) == -1.46

def test_polaris():
    async def look():
        async with sky() as one:
            return [await one.ask("Polaris") for _ in range(3)]
    assert asyncio.run(look()) == [1.98] * 3

def test_both():
    async def look():
        async with sky() as one:
            return await asyncio.gather(*map(one.ask, ["Sirius", "Polaris", "Vega"]))
    assert asyncio.run(look()) == [-1.46, 1.98, 0.03]
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the first cure is taken out": (
        changed((CURE, "")),
        "",
        "There each of them breaks",
    ),
    "both cures are taken out, and nothing else": (
        changed((CURE, ""), (AGAIN, ONCE)),
        "every test",
        "",
    ),
    "the next test closes": (
        changed(("    sky.free.clear()", "    await sky.close()")),
        "every test",
        "its loop has to run",
    ),
    "a new pool for each test": (
        changed((CURE, CURE.replace("sky.free.clear()", "global sky\n    sky = Lines()"))),
        "every test",
        "Each test has fresh lines",
    ),
    "closed, and asked again": (
        changed((CURE, CLOSES)),
        "a line that breaks",
        "fit their loop there is",
    ),
    "skipped": (
        changed(
            ("async def test_", "@pytest.mark.skip\nasync def test_"),
        ),
        "every test",
        "A skipped or xfailed test",
    ),
    "nothing is asked about the star": (
        changed((CURE, CLOSES), (AGAIN, ONCE), ("> 1", "> -9"), ("< vega", "< 9"), ("< 0", "< 9")),
        "a wrong star",
        "",
    ),
}
