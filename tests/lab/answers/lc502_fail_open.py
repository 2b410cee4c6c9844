"""Answers to the exercise of LC502: the right ones and the wrong turns."""

from functools import partial

from changes import in_text  # type: ignore[import-not-found]

from loopcheck.lab.exercises.lc502_fail_open import SKELETON

SKELETON_SAYS = (
    "the tests notice a gate that opens for everybody",
    "with this change in gate.py, every test still passed",
)

changed = partial(in_text, text=SKELETON)
MADE = '    yield Gate(Till("M AX 1", "B EE 22"))\n'
ASKED_AFTER = (
    MADE,
    '    gate = Gate(Till("M AX 1", "B EE 22"))\n    yield gate\n    assert gate.blind == 0\n',
)
AWAY = (
    "while_the_till_is_away(gate):\n    gate.till.connected",
    "while_the_till_is_away():\n    gate = Gate(Till())\n    gate.till.connected",
)
YES = '    assert await gate.opens("C AT 9")\n'
ONCE = (YES, f"{YES}    assert gate.blind == 1\n")
NO = '\n\nasync def test_no(gate):\n    assert not await gate.opens("C AT 9")\n'
SLIP = (
    "\n\nasync def test_a_slip():\n"
    "    with pytest.raises(AttributeError):\n        await Gate(None).opens('M AX 1')\n"
)

RIGHT = {
    "asserted in each test": changed(
        ('("b ee 22")\n', '("b ee 22")\n    assert not gate.blind\n'), ONCE
    )
    + NO
    + SLIP,
    "asked after each test, with a till of its own that has a slip": changed(
        ASKED_AFTER, AWAY, ONCE
    )
    + NO
    + """

class Slip(Till):
    async def has_paid(self, plate):
        return plate in self.payed


async def test_a_slip_is_heard():
    with pytest.raises(AttributeError, match="payed"):
        await Gate(Slip()).opens("M AX 1")
""",
    "pairs": """
import pytest
from gate import Gate
from till import Till


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("plate", "connected", "expected"),
    [
        ("m ax 1", True, (True, 0)),
        ("C AT 9", True, (False, 0)),
        ("C AT 9", False, (True, 1)),
        (None, True, AttributeError),
    ],
)
async def test_why_it_opens(plate, connected, expected):
    gate = Gate(Till("M AX 1"))
    gate.till.connected = connected
    if isinstance(expected, tuple):
        assert (await gate.opens(plate), gate.blind) == expected
    else:
        with pytest.raises(expected):
            await gate.opens(plate)
""",
    "the error of a plate that is none": changed(ASKED_AFTER, AWAY, ONCE)
    + NO
    + "\n\nasync def test_no_plate(gate):\n"
    "    with pytest.raises(AttributeError):\n        await gate.opens(None)\n",
}

# answer → the requirement that is not met, and words of the remark
WRONG = {
    "more of the same": (
        changed() + "\n\nasync def test_again(gate):\n    assert await gate.opens('M AX 1')\n",
        "opens for everybody",
        "has to be turned away",
    ),
    "skips when all are let in": (
        changed()
        + """

async def test_no(gate):
    if await gate.opens("C AT 9"):
        pytest.skip("the till is away")
    assert gate.blind == 0
""",
        "opens for everybody",
        "silent in exactly the case",
    ),
    "expected to fail": (
        changed()
        + "\n\n@pytest.mark.xfail\nasync def test_no(gate):\n"
        + "    assert not await gate.opens('C AT 9')\n    assert False\n",
        "every test",
        "silent in exactly the case",
    ),
    "the check for all": (changed(ASKED_AFTER), "every test", "that test its own gate"),
    "a no, and no more": (changed() + NO, "blind for who has paid", "Only the count tells"),
    "a no, and nothing blind": (changed(ASKED_AFTER, AWAY) + NO, "not counted", ""),
    "no error of our own": (
        changed(ASKED_AFTER, AWAY, ONCE) + NO,
        "a handler that takes every error",
        "hides a bug as well",
    ),
    "a count that cannot fail": (
        changed(ASKED_AFTER, AWAY, (YES, f"{YES}    assert gate.blind >= 0\n")) + NO + SLIP,
        "not counted",
        "",
    ),
}
