"""The conftest.py is above, and an option keeps pytest from reading it."""

# name: shelf

import pytest


@pytest.mark.asyncio
async def test_shelf(shelf):  # LC305
    assert shelf == ["jam"]
