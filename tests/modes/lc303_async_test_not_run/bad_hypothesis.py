"""hypothesis has its examples, and nobody who awaits the test."""

from hypothesis import given
from hypothesis import strategies as st


# name: test_even
@given(st.integers())
async def test_even(number):  # LC303
    assert number * 2 % 2 == 0
