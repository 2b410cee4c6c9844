"""A lock that is taken raises a LockError: no TimeoutError, neither Python's nor the client's."""

# name: StoreTimeout
import os

import pytest
from valkey.asyncio import Valkey
from valkey.exceptions import TimeoutError as StoreTimeout


@pytest.mark.asyncio
async def test_a_second_worker_waits_in_vain():
    async with Valkey.from_url(os.environ["VALKEY_URL"]) as client:
        async with client.lock("job", timeout=5):
            with pytest.raises(StoreTimeout):  # LC503
                async with client.lock("job", timeout=5, blocking_timeout=0.05):
                    pass
