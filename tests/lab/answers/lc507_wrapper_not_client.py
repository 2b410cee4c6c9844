"""Answers to the exercise of LC507: the right ones and the wrong turns."""

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc507_wrapper_not_client import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_a_film_is_shown: AttributeError: 'Booth' object has no attribute 'show'",
)

YIELD = "    yield Booth()\n"
AWAITED = "    yield await Booth().projector()\n"
IMPORT = "from cinema import Booth\n"
EVENING = """

async def test_an_evening(projector):
    await evening(projector, "Faust")
    assert projector.films == ["Faust"]
"""
ENTERED = """

async def test_it_is_entered(projector):
    async with projector:
        assert projector.lit
"""
PASSING = """

class Passing(Booth):
    def __getattr__(self, name):
        return getattr(self.inner, name)


@pytest_asyncio.fixture
async def projector():
    yield Passing()
"""
FIXTURE = "\n\n@pytest_asyncio.fixture\nasync def projector():\n    yield Booth()\n"
NAMES = ("from cinema import Booth", "from cinema import Booth, evening")


def changed(*pairs: tuple[str, str], more: str = "") -> str:
    """Return the skeleton with changes, each of which must find its place, and more tests."""
    text: str = in_text(*pairs, text=SKELETON)
    return text + more


RIGHT = {
    "the second diff and an evening": changed(NAMES, (YIELD, AWAITED), more=EVENING),
    "the second diff, entered by hand": changed((YIELD, AWAITED), more=ENTERED),
    "checked where it is made": changed(
        (IMPORT, "from cinema import Booth, Projector\n"),
        (
            YIELD,
            "    projector = await Booth().projector()\n"
            "    assert isinstance(projector, Projector)\n    yield projector\n",
        ),
    ),
    "taken out of the booth": changed(NAMES, (YIELD, "    yield Booth().inner\n"), more=EVENING),
    "its class read": changed(
        (YIELD, AWAITED),
        more="\n\nasync def test_it(projector):\n    assert 'Projector' in repr(projector)\n",
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the first diff, no proof": (
        changed((FIXTURE, PASSING)),
        "passes names on",
        "",
    ),
    "the first diff and an evening": (
        changed(NAMES, (FIXTURE, PASSING), more=EVENING),
        "every test",
        "`async with` looks on the class",
    ),
    "the second diff, no proof": (changed((YIELD, AWAITED)), "passes names on", ""),
    "a proof by name": (
        changed(
            (YIELD, AWAITED),
            more="\n\nasync def test_it(projector):\n    assert hasattr(projector, '__aenter__')\n",
        ),
        "passes names on",
        "",
    ),
    "not awaited": (
        changed((YIELD, "    yield Booth().projector()\n")),
        "every test",
        "Its `await` returns the projector",
    ),
    "not called": (
        changed((YIELD, "    yield Booth().projector\n")),
        "every test",
        "Call it, and await the call",
    ),
    "skipped without the name": (
        changed(
            (
                '    await projector.show("Metropolis")',
                '    if not hasattr(projector, "show"):\n        pytest.skip("no projector")\n'
                '    await projector.show("Metropolis")',
            ),
        ),
        "every test",
        "shows no film",
    ),
    "shown only if it can": (
        """
import pytest
from cinema import Booth

@pytest.mark.asyncio
async def test_a_film():
    projector = Booth()
    if hasattr(projector, "show"):
        await projector.show("Faust")
""",
        "passes names on",
        "",
    ),
}
