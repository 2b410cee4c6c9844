"""Answers to the exercise of LC308: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc308_shared_arguments import SKELETON

SKELETON_SAYS = ("every test runs and passes", "KeyError: 'estimate'")

MENDED = """

async def test_a_fault_is_mended():
    card = CARD
    assert await repair(card) == "lamp"
    assert "lamp" not in card["faults"]
"""


def with_each(copy: str, more: str = "") -> str:
    """Return the skeleton and a third test, each giving away *copy* of the card."""
    text = SKELETON.replace("bill(CARD", f"bill({copy}") + MENDED.replace("= CARD", f"= {copy}")
    return more + text


RIGHT = {
    "deep copies": with_each("deepcopy(CARD)", "from copy import deepcopy\n"),
    "a function that makes it": with_each("make_card()").replace(
        'CARD = {"owner": "ada", "estimate": 100, "faults": ["brakes", "lamp"]}',
        'def make_card():\n    return {"estimate": 100, "faults": ["brakes", "lamp"]}',
    ),
    "put back, all the way down": with_each("CARD").replace(
        "pytestmark =",
        """
@pytest.fixture(autouse=True)
def put_back():
    from copy import deepcopy
    before = deepcopy(CARD)
    yield
    CARD.clear()
    CARD.update(before)

pytestmark =""",
    ),
    "parameters made anew": """
import pytest
from garage import bill, repair

@pytest.fixture(params=[0, 20])
def extra(request):
    return request.param

@pytest.fixture
def faults():
    return ["brakes", "lamp"]

@pytest.mark.asyncio
async def test_bill(extra, faults):
    assert await bill({"estimate": 100, "faults": faults}, extra=extra) == 100 + extra

@pytest.mark.asyncio
async def test_repair(faults):
    await repair({"faults": faults})
    assert faults == ["brakes"]
""",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "a shallow copy": (with_each("dict(CARD)"), "no two tests share", "the same list"),
    "a shallow fixture": (
        """
import pytest
from garage import bill, repair

CARD = {"owner": "ada", "estimate": 100, "faults": ["brakes", "lamp"]}
pytestmark = pytest.mark.asyncio

@pytest.fixture
def card():
    return CARD.copy()

async def test_the_bill(card):
    assert await bill(card) == 100

async def test_the_bill_with_an_extra(card):
    assert await bill(card, extra=20) == 120

async def test_repair(card):
    await repair(card)
    assert card["faults"] == ["brakes"]
""",
        "no two tests share",
        "the same list",
    ),
    "no proof": (
        SKELETON.replace("bill(CARD", "bill({**CARD}"),
        "a mended fault that stays",
        "what a repair leaves",
    ),
    "the error expected": (
        SKELETON.replace(
            "    assert await bill(CARD, extra=20) == 120",
            "    with pytest.raises(KeyError):\n        await bill(CARD, extra=20)",
        ),
        "reverse order",
        "the error that another test causes",
    ),
    "the estimate put back": (
        SKELETON.replace("== 100\n", '== 100\n    CARD["estimate"] = 100\n') + MENDED,
        "reverse order",
        "one test still depends on what another",
    ),
    "skipped": (
        SKELETON.replace(
            "async def test_the_bill_with", "@pytest.mark.skip\nasync def test_the_bill_with"
        ),
        "every test",
        "a card which another test has written",
    ),
    "a fixture for the module": (
        SKELETON.replace("CARD = ", "@pytest.fixture(scope='module')\ndef CARD():\n    return ")
        .replace("bill():", "bill(CARD):")
        .replace("extra():", "extra(CARD):"),
        "every test",
        "",
    ),
}
