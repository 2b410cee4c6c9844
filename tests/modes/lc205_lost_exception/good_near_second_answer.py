"""A test that answers a future twice by itself, and one that expects the error."""

# other: LC205
import asyncio

import pytest


@pytest.mark.asyncio
async def test_two_answers():
    future = asyncio.get_running_loop().create_future()
    future.set_result("tea")
    future.set_result("milk")


@pytest.mark.asyncio
async def test_the_second_answer_is_refused():
    future = asyncio.get_running_loop().create_future()
    future.set_result("tea")
    with pytest.raises(asyncio.InvalidStateError):
        future.set_result("milk")
