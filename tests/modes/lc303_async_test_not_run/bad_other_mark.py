"""The mark is of a plugin that is not there."""

# name: anyio
import pytest

pytestmark = pytest.mark.anyio


async def test_choir():  # LC303
    assert len(["ada", "emmy"]) == 2
