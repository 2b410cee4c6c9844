"""Answers to the exercise of LC404: the right ones and the wrong turns."""

from loopcheck.lab.exercises.lc404_patched_wrong_name import SKELETON

SKELETON_SAYS = (
    "every test runs and passes",
    "test_two_seats_are_sold: AssertionError: Expected mock to have been awaited once. "
    "Awaited 0 times.",
)

DOUBLE = 'AsyncMock(return_value="done")'
SOLD, BACK, ONLINE = SKELETON.split("\n\n\n")[1:]
PATCHED = f'with patch("bank.charge", {DOUBLE}) as charge:'
IN_TILL = PATCHED.replace("bank.charge", "till.take")
IN_TABLE = f"charge = {DOUBLE}\n    with patch.dict(till.ONLINE, card=charge):"


def changed(sold: str = PATCHED, online: str = PATCHED, *, text: str = SKELETON) -> str:
    """Return the skeleton with other lines for the doubles of its first and last test."""
    assert PATCHED in SOLD
    assert PATCHED in ONLINE
    return text.replace(SOLD, SOLD.replace(PATCHED, sold)).replace(
        ONLINE, ONLINE.replace(PATCHED, online)
    )


MENDED = changed(IN_TILL, IN_TABLE)

RIGHT = {
    "patch and patch.dict": MENDED,
    "monkeypatch, in a fixture": """
import pytest
import bank, till
from unittest.mock import AsyncMock

@pytest.fixture
def charge(monkeypatch):
    double = AsyncMock(return_value="done")
    monkeypatch.setattr(till, "take", double)
    monkeypatch.setitem(till.ONLINE, "card", double)
    monkeypatch.setattr(bank, "give_back", double)
    return double

@pytest.mark.asyncio
@pytest.mark.parametrize("sale, sum", [(till.sell, 18), (till.cancel, 18), (till.sell_online, 20)])
async def test_each(charge, sale, sum):
    assert await sale("Ben", 2) == "done"
    charge.assert_awaited_once_with("Ben", sum)
""",
    "a double written by hand": """
import asyncio
from unittest import mock
import till

class Bank:
    def __init__(self):
        self.asked = []
    async def charge(self, *what):
        self.asked.append(what)
        return "done"
    give_back = charge

def ask(call):
    one = Bank()
    with (
        mock.patch.object(till, "take", one.charge),
        mock.patch.object(till, "bank", one),
        mock.patch.dict("till.ONLINE", {"card": one.charge}),
    ):
        assert asyncio.run(call("Ada", 3)) == "done"
    return one.asked

def test_sell():
    assert ask(till.sell) == [("Ada", 27)]

def test_cancel():
    assert ask(till.cancel) == [("Ada", 27)]

def test_online():
    assert ask(till.sell_online) == [("Ada", 30)]
""",
    "the whole table replaced": changed(
        'with patch("till.take", new_callable=AsyncMock, return_value="done") as charge:',
        f"charge = {DOUBLE}\n    with patch.object(till, 'ONLINE', {{'card': charge}}):",
    ),
}

ASKED = "    charge.assert_awaited_once_with"

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "the import alone": (changed(IN_TILL), "every test", "look up for that one"),
    "the same name for both": (changed(IN_TILL, IN_TILL), "every test", "an entry of `ONLINE`"),
    "loaded again under the patch": (
        changed(
            PATCHED + "\n        __import__('importlib').reload(till)",
            PATCHED + "\n        __import__('importlib').reload(till)",
        ),
        "every test",
        "a reload under a patch",
    ),
    "assigned": (
        changed(
            f"charge = till.take = {DOUBLE}\n    if True:",
            f"charge = till.ONLINE['card'] = {DOUBLE}\n    if True:",
        ),
        "every test",
        "A mock is still there",
    ),
    "nobody asks the double": (
        SKELETON.replace(ASKED, "    # charge"),
        "no real card",
        "from a real card",
    ),
    "it asks only when the bank did nothing": (
        SKELETON.replace(ASKED, "    charge.await_count and charge.assert_awaited_once_with"),
        "no real card",
        "Only the mock can tell",
    ),
    "a name that is not there": (
        changed(PATCHED.replace("bank.", "till."), IN_TABLE),
        "every test",
        "`as` gave it that name",
    ),
    "a name that is made": (
        changed(
            PATCHED.replace("bank.charge", "till.charge").replace(")) as", "), create=True) as")
        ),
        "every test",
        "",
    ),
    "any sum will do": (
        MENDED.replace('assert_awaited_once_with("Ada", 10)', "assert_awaited_once()"),
        "a wrong sum online",
        "",
    ),
    "skipped": (
        SKELETON.replace("async def test_", "@pytest.mark.skip\nasync def test_"),
        "every test",
        "A skipped or xfailed test charges nobody",
    ),
    "test taken out": (SKELETON.replace(SOLD, ""), "all four", ""),
}
