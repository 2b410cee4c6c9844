"""LC309 isolated-asyncio-testcase: the solution of the exercise, why it works, another good way.

What was wrong: the class is unittest's, and one mark in it is pytest's. unittest runs such a class
by itself. It sets the oven up, on a loop of its own for each test, and calls each method without
arguments. `parametrize` is read by pytest, which here only hands the test over. The default value
made that green, and four loaves were never baked.

What changed: the class came over to pytest. Without the base class nobody calls `asyncSetUp`, so it
is a fixture now; the mark says that pytest-asyncio runs the tests. Fixture and test are on the same
loop, and what stands after the `yield` of `lit_oven` runs there too.

Another good way: stay with unittest, and leave pytest's mark out. The set-up is right as it was.

    async def test_what_goes_in_comes_out(self):
        for loaves in (1, 4):
            with self.subTest(loaves=loaves):
                assert await self.oven.bake(loaves) == loaves

Choose it where the tests must also run without pytest, or where a whole tree of classes hangs on
the base class. Choose the first where the project has async fixtures already.
"""

import bakery
import pytest
import pytest_asyncio


@pytest.mark.asyncio
class TestOven:
    @pytest_asyncio.fixture
    async def oven(self):
        async with bakery.lit_oven() as oven:
            yield oven

    @pytest.mark.parametrize("loaves", [1, 4])
    async def test_what_goes_in_comes_out(self, oven, loaves):
        assert await oven.bake(loaves) == loaves

    async def test_an_empty_oven_stays_empty(self, oven):
        assert await oven.bake(0) == 0
