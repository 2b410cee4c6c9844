"""A list that boxes share is emptied by one; the other fails for something else."""

import pytest
from cases import box

BOXES = {"blue": "ab", "green": "cd"}


@pytest.mark.parametrize("one", [box("blue"), box("green")], ids=["blue", "green"])
@pytest.mark.asyncio
async def test_boxes(one):
    one.held["items"].clear()
    word = BOXES[one.name]
    assert word == "ab"
