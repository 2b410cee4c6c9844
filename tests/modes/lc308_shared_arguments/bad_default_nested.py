"""The list in a default is made once, too: a new dict around it has the same one."""

import pytest

pytestmark = pytest.mark.asyncio


async def normalised(row, defaults={"tags": []}):  # LC308
    whole = {**defaults, **row}
    whole["tags"].append("norm")
    return whole


# name: defaults['tags']


async def test_one():
    assert (await normalised({"id": 1}))["tags"] == ["norm"]


async def test_another():
    assert (await normalised({"id": 2}))["tags"] == ["norm"]
