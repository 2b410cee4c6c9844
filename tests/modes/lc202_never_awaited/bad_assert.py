"""A coroutine is true, whatever it would return."""

import pytest


async def exists(key):
    return key in {"ada": 1}


# name: exists
@pytest.mark.asyncio
async def test_bob_is_known():
    assert exists("bob")  # LC202
