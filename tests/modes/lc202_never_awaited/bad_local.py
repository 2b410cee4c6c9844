"""The result gets a name and nothing more: it is dropped when the test ends."""

import pytest


async def notify(user):
    raise LookupError(user)


# name: notify
@pytest.mark.asyncio
async def test_notify():
    sent = notify("ada")  # LC202
    assert sent is not None
