"""Answers to the exercise of LC309: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc309_isolated_asyncio_testcase import SKELETON

SKELETON_SAYS = (
    "the tests notice that of four loaves three are lost",
    "every test still passed",
)
changed = partial(in_text, text=SKELETON)

BASE = ("class TestOven(unittest.IsolatedAsyncioTestCase):", "class TestOven:")
MARKED = (BASE[0], f"@pytest.mark.asyncio\n{BASE[1]}")
NO_DEFAULT = ("loaves=1", "loaves")
PARAMETERS = '    @pytest.mark.parametrize("loaves", [1, 4])\n'
BAKES = """\
    async def test_what_goes_in_comes_out(self, loaves=1):
        assert await self.oven.bake(loaves) == loaves
"""
SUBTESTS = """\
    async def test_what_goes_in_comes_out(self):
        for loaves in (1, 4):
            with self.subTest(loaves=loaves):
                self.assertEqual(await self.oven.bake(loaves), loaves)
"""
SET_UP = """\
    async def asyncSetUp(self):
        self.oven = await self.enterAsyncContext(bakery.lit_oven())
"""
FIXTURE = """\
    @pytest_asyncio.fixture(autouse=True)
    async def light(self):
        async with bakery.lit_oven() as self.oven:
            yield
"""
IMPORT = ("import pytest\n", "import pytest\nimport pytest_asyncio\n")

RIGHT = {
    "subTest": changed((PARAMETERS + BAKES, SUBTESTS)),
    "an autouse fixture in a plain class": changed(IMPORT, MARKED, NO_DEFAULT, (SET_UP, FIXTURE)),
    "a method for each number, in unittest": """
import unittest
import bakery

class TestOven(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.manager = bakery.lit_oven()
        self.oven = await self.manager.__aenter__()

    async def asyncTearDown(self):
        await self.manager.__aexit__(None, None, None)

    async def test_one(self):
        self.assertEqual(await self.oven.bake(1), 1)

    async def test_four(self):
        self.assertEqual(await self.oven.bake(4), 4)
""",
    "functions": """
import pytest
import pytest_asyncio
from bakery import lit_oven

pytestmark = pytest.mark.asyncio(loop_scope="module")

@pytest_asyncio.fixture(scope="module")
async def oven():
    async with lit_oven() as oven:
        yield oven

@pytest.mark.parametrize("loaves", range(5))
async def test_bakes(oven, loaves):
    assert await oven.bake(loaves) == loaves
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "only the base class taken away": (
        changed(MARKED, NO_DEFAULT),
        "every test",
        "In a plain class nothing",
    ),
    "no mark": (
        changed(IMPORT, BASE, NO_DEFAULT, (SET_UP, FIXTURE)),
        "every test",
        "That is LC303",
    ),
    "pytest's own decorator": (
        changed(MARKED, NO_DEFAULT, (SET_UP, FIXTURE.replace("pytest_asyncio", "pytest"))),
        "every test",
        "That is LC301",
    ),
    "a fixture beside the base class": (
        changed(IMPORT, (SET_UP, FIXTURE), (PARAMETERS + BAKES, SUBTESTS)),
        "every test",
        "unittest's own",
    ),
    "only the default taken away": (
        changed(NO_DEFAULT),
        "every test",
        "the numbers of `parametrize` never arrive",
    ),
    "the default beside the parameters": (
        changed(IMPORT, MARKED, (SET_UP, FIXTURE)),
        "both",
        "In a plain class the",
    ),
    "another default": (changed(("loaves=1", "loaves=4")), "a loaf alone", ""),
    "setUp with async": (
        changed(("asyncSetUp", "setUp"), (PARAMETERS + BAKES, SUBTESTS)),
        "every test",
        "unittest calls `asyncSetUp`",
    ),
    "never put out": (
        changed(
            ("await self.enterAsyncContext(bakery.lit_oven())", "bakery.Oven()"),
            (PARAMETERS + BAKES, SUBTESTS),
        ),
        "each oven is out",
        "nothing puts it out",
    ),
    "skipped": (
        changed((PARAMETERS, "    @pytest.mark.skip\n")),
        "every test",
        "A skipped or xfailed test bakes nothing",
    ),
    "one test less": (changed((PARAMETERS + BAKES, "")), "both", ""),
}
