"""LC306 lost-tests: the solution of the exercise, why it works, and one other good way.

What was wrong: pytest never collected five tests of the file. The second of two functions with one
name replaced the first. pytest skipped a class with a constructor and a class with another name.
One function only existed inside another.

Why this works: each test has its own name, in a place where pytest looks: the module, or a class
`Test…` without a constructor.

Another good way: `shop` as a plain fixture of the module, which the tests that need one request.
Choose it when several classes need it.
"""

import pytest
from pharmacy import Pharmacy, Refused

pytestmark = pytest.mark.asyncio


async def test_a_sale():
    shop = Pharmacy()
    await shop.sell("aspirin", 2)
    assert shop.stock["aspirin"] == 3


async def test_insulin_is_refused_without_a_prescription():
    with pytest.raises(Refused):
        await Pharmacy().sell("insulin")


async def test_more_than_there_is_is_refused():
    with pytest.raises(Refused):
        await Pharmacy().sell("aspirin", 6)


class TestPrescription:
    @pytest.fixture(autouse=True)
    def open_shop(self):
        self.shop = Pharmacy()

    async def test_insulin_is_sold(self):
        await self.shop.sell("insulin", prescription=True)
        assert self.shop.stock["insulin"] == 1


class TestReturns:
    async def test_aspirin_comes_back(self):
        shop = Pharmacy()
        await shop.take_back("aspirin")
        assert shop.stock["aspirin"] == 6

    async def test_insulin_does_not(self):
        shop = Pharmacy()
        with pytest.raises(Refused):
            await shop.take_back("insulin")
        assert shop.stock["insulin"] == 2

    async def test_nothing_is_no_sale(self):
        with pytest.raises(ValueError, match="0"):
            await Pharmacy().sell("aspirin", 0)
