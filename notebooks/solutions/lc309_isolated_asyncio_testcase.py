"""LC309 isolated-asyncio-testcase: the solution of the exercise, why it works, another good way.

What was wrong: the class belongs to unittest, and one mark in it to pytest. unittest runs the class
by itself. It sets the oven up, on a new loop for each test, and calls each method without
arguments. Only pytest reads `parametrize`, and here pytest passes the test to unittest. The default
value made that green, and the test never baked four loaves.

What changed: pytest now runs the class. Without the base class nothing calls `asyncSetUp`, so it is
a fixture now; with the mark, pytest-asyncio runs the tests. Fixture and test run on the same loop,
and so does the code after the `yield` of `lit_oven`.

Another good way: stay with unittest, and remove pytest's mark. The set-up is right as it was.

    async def test_what_goes_in_comes_out(self):
        for loaves in (1, 4):
            with self.subTest(loaves=loaves):
                assert await self.oven.bake(loaves) == loaves

Choose it where the tests must also run without pytest, or where a whole tree of classes needs
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
