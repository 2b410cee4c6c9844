"""The test fails: it compares the coroutine, not what it would return."""

import pytest


class Store:
    async def get(self, key):
        return key.upper()


# name: Store.get
@pytest.mark.asyncio
async def test_get():
    store = Store()
    assert store.get("ada") == "ADA"  # LC202
