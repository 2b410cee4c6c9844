"""Nobody listens there; the handler takes that for a yes, and the test fails far from it."""

# name: Quota.take
# or: nothing
import pytest
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

pytestmark = pytest.mark.asyncio


class Quota:
    def __init__(self):
        self.store = Valkey(host="127.0.0.1", port=1)

    async def take(self, user):
        try:
            left = await self.store.decr(f"quota:{user}")
        except ValkeyError:  # LC502
            return True
        return left >= 0


async def test_an_empty_quota_refuses():
    quota = Quota()
    answers = [await quota.take("ada") for _ in range(3)]
    assert answers == [True, True, False]
