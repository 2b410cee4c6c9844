"""A library's decorator retries on Python's own class, and the client has one of its own."""

# name: ConnectionError
import pytest
from again import if_type, retry
from valkey.exceptions import ConnectionError as StoreConnectionError


class Baskets:
    def __init__(self, failures):
        self.failures = failures

    @retry(when=if_type(ConnectionError))  # LC503
    async def items(self, user):
        if self.failures:
            raise self.failures.pop()
        return [user]


@pytest.mark.asyncio
async def test_a_lost_connection_is_tried_again():
    assert await Baskets([StoreConnectionError("gone")]).items("ada") == ["ada"]
