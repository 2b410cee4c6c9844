"""The list in the default has changed, and is not what the failing line is about."""

import pytest

pytestmark = pytest.mark.asyncio


async def normalised(row, defaults={"tags": [], "sizes": []}):
    whole = {**defaults, **row}
    whole["tags"].append("norm")
    return {**whole, "tags": ["norm", "late"], "size": [len(whole["sizes"])]}


async def test_one():
    assert (await normalised({"id": 1}))["id"] == 1


async def test_another():
    assert (await normalised({"id": 2}))["tags"] == ["norm"]


async def test_a_third():
    assert (await normalised({"id": 3}))["size"] == [1]


async def test_a_fourth():
    assert (await normalised({"tags": []}))["sizes"] == ["s"]
