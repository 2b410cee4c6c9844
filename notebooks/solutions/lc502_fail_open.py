"""LC502 fail-open: the solution of the exercise, why it works, and one other good way.

What was wrong: the tests only asserted that the gate opens. There are four reasons why it opens:
somebody has paid, the till is down, the code has a typo, or it never asks the till. All four return
`True`.

What changed: the tests distinguish the reasons. The gate refuses a plate that has not paid, so it
did ask the till. `blind` is 0 after each test with a till, so the yes came from the till. If the
till is down on purpose, `blind` is 1. And an error that is not the till's leaves `opens`: with a
broader handler, a typo would open the gate for everybody.

Another good way: no fixture, and each test asserts the pair `(answer, gate.blind)`: `(True, 0)` for
a plate that has paid, `(False, 0)` for one that has not, `(True, 1)` without a till.
"""

import pytest
import pytest_asyncio
from gate import Gate
from till import Till

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def gate():
    gate = Gate(Till("M AX 1", "B EE 22"))
    yield gate
    assert gate.blind == 0, "it opened without asking the till"


async def test_it_opens_for_who_has_paid(gate):
    assert await gate.opens("M AX 1")
    assert await gate.opens("b ee 22")


async def test_it_stays_shut_for_who_has_not(gate):
    assert not await gate.opens("C AT 9")


async def test_it_opens_while_the_till_is_away():
    gate = Gate(Till())
    gate.till.connected = False
    assert await gate.opens("C AT 9")
    assert gate.blind == 1


async def test_another_error_comes_out():
    with pytest.raises(AttributeError):
        await Gate(None).opens("M AX 1")
