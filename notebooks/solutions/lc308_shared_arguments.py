"""LC308 shared-arguments: the solution of the exercise, why it works, and one other good way.

What was wrong: both tests passed the same dict to a function that changes it. The first removed the
estimate, so the second had none.

Why this works: the fixture runs once for each test, and each time the display `{…}` makes a new
dict with a new list in it. `dict(CARD)` would have made a new dict around the one list; the test
below, and a second one like it, would have removed each other's faults.

Another good way: `copy.deepcopy(CARD)`, in the fixture or in the call. It copies all the way down.
Choose it when the data come from elsewhere, from a file or a library.
"""

import pytest
from garage import bill, repair

pytestmark = pytest.mark.asyncio


@pytest.fixture
def card():
    return {"owner": "ada", "estimate": 100, "faults": ["brakes", "lamp"]}


async def test_the_bill(card):
    assert await bill(card) == 100


async def test_the_bill_with_an_extra(card):
    assert await bill(card, extra=20) == 120


async def test_both_faults_are_mended(card):
    assert [await repair(card), await repair(card)] == ["lamp", "brakes"]
    assert card["faults"] == []
