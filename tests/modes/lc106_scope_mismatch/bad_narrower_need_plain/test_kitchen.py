"""A plain fixture of the session keeps the queue that an async fixture makes for each test."""

# name: kitchen
import pytest


@pytest.mark.asyncio(loop_scope="session")
async def test_tea_is_ordered(kitchen):
    assert kitchen["orders"].get_nowait() == "tea"
