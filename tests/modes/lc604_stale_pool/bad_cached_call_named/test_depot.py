"""A test closes the line that a cached function gives to all of them."""

import depot
import pytest

# name: line_to_depot()


@pytest.mark.asyncio
async def test_it_is_ordered():
    line = depot.line_to_depot()
    await depot.order("tea")
    assert line.said == ["order tea"]
    await line.close()  # LC604


@pytest.mark.asyncio
async def test_it_is_ordered_twice():
    await depot.order("tea")
    await depot.order("milk")
    assert depot.line_to_depot().said[-2:] == ["order tea", "order milk"]
