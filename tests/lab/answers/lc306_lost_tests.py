"""Answers to the exercise of LC306: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc306_lost_tests import SKELETON

SKELETON_SAYS = ("all seven tests are found", "pytest finds 2 of the 7")

TWIN = (
    'test_a_refusal():\n    with pytest.raises(Refused):\n        await Pharmacy().sell("aspirin"',
    'test_sold_out():\n    with pytest.raises(Refused):\n        await Pharmacy().sell("aspirin"',
)
FIXTURE = ("    def __init__(self):\n", "    def setup_method(self):\n")
NAME = ("class ReturnTests", "class TestReturns")
NESTED = (
    """
        async def test_nothing_is_no_sale(self):
            with pytest.raises(ValueError):
                await Pharmacy().sell("aspirin", 0)
""",
    """
    async def test_nothing_is_no_sale(self):
        with pytest.raises(ValueError):
            await Pharmacy().sell("aspirin", 0)
""",
)


def mended(*changes: tuple[str, str]) -> str:
    text = SKELETON
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


RIGHT = {
    "setup_method": mended(TWIN, FIXTURE, NAME, NESTED),
    "no classes at all": """
import pytest
from pharmacy import Pharmacy, Refused

pytestmark = pytest.mark.asyncio

@pytest.fixture
def shop():
    return Pharmacy()

async def test_a_sale(shop):
    await shop.sell("aspirin", 2)
    assert shop.stock["aspirin"] == 3

@pytest.mark.parametrize(("name", "count"), [("insulin", 1), ("aspirin", 6)])
async def test_a_refusal(shop, name, count):
    with pytest.raises(Refused):
        await shop.sell(name, count)

async def test_prescription(shop):
    await shop.sell("insulin", prescription=True)
    assert shop.stock["insulin"] == 1

async def test_back(shop):
    await shop.take_back("aspirin")
    assert shop.stock["aspirin"] == 6

async def test_not_back(shop):
    with pytest.raises(Refused):
        await shop.take_back("insulin")

async def test_nothing(shop):
    with pytest.raises(ValueError):
        await shop.sell("aspirin", 0)
""",
    "set up in the class": mended(
        TWIN,
        ("    def __init__(self):\n        self.shop = Pharmacy()\n\n", ""),
        (
            "        await self.shop.sell",
            "        self.shop = Pharmacy()\n        await self.shop.sell",
        ),
        NAME,
        NESTED,
    ),
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the twin is left": (mended(FIXTURE, NAME, NESTED), "all seven", "under two names"),
    "the constructor is left": (mended(TWIN, NAME, NESTED), "all seven", "and skips a class that"),
    "the name is left": (mended(TWIN, FIXTURE), "all seven", "begin with `Test`"),
    "the nested one is left": (
        mended(TWIN, FIXTURE, NAME),
        "all seven",
        "One test is inside another",
    ),
    "nobody sets it up": (
        mended(
            TWIN,
            ("    def __init__(self):\n        self.shop = Pharmacy()\n\n", ""),
            NAME,
            NESTED,
        ),
        "every test",
        "Set it up in a fixture",
    ),
    "filled up with another": (
        mended(FIXTURE, NAME, NESTED) + "\n\nasync def test_seven():\n    assert Pharmacy()\n",
        "without a prescription",
        "",
    ),
}
