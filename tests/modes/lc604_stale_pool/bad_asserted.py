"""Only pytest has a name for what the `assert` is over, and that is none of the user's."""

# name: Connection
import aiosqlite
import pytest


def connected():
    return aiosqlite.connect(":memory:")


@pytest.mark.asyncio
async def test_no_transaction():
    assert not connected().in_transaction  # LC604
